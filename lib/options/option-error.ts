import { Construct } from 'constructs';

/**
 * A bad value of an option. The message is for the person who gave it: one line that names the option, the rule and the value.
 * `npx cdk deploy -c` of this project prints that line alone; in an app that does not catch it, Node prints its stack as well.
 */
export class OptionError extends Error {
  constructor(option: string, rule: string, value: unknown) {
    super(`${option} ${rule}, but it is ${shown(value)}`);
    this.name = 'OptionError';
  }
}

/** A value in a few characters: a construct, which refers to all of its app, by its path. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  try {
    return (
      JSON.stringify(value, (_, each) => (Construct.isConstruct(each) ? each.node.path : each)) ?? `(${typeof value})`
    );
  } catch {
    return `(${typeof value})`;
  }
}

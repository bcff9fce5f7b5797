import { Duration, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';

/**
 * A bad value of an option, in one line that names the construct, the option, the rule and the value. `npx cdk deploy -c` of this
 * project prints that line alone; in an app that does not catch it, Node prints its stack as well.
 */
export class OptionError extends Error {
  /** The same, of a construct; private, for Node prints what is public of an error: here all of the app. */
  readonly #of: (path: string) => OptionError;

  constructor(option: string, rule: string, value: unknown, path?: string) {
    super(readable(`${path ? `${path}: ` : ''}${option} ${rule}, but it is ${shown(value)}`));
    this.name = 'OptionError';
    this.#of = (path) => new OptionError(option, rule, value, path);
  }

  /** Runs checks of a construct's options, whose errors then name the construct. */
  static of<T>({ node }: IConstruct, check: () => T): T {
    try {
      return check();
    } catch (error) {
      throw error instanceof OptionError ? error.#of(node.path) : error;
    }
  }
}

/** A text without CDK's notation of tokens, `${Token[AWS.AccountId.4]}`, of which a reader knows at most the name. */
export function readable(text: string): string {
  return text.replace(/[$#]\{Token\[(.*?)(?:\.\d+)?\]\}/g, (_, name: string) =>
    name === 'TOKEN' ? A_TOKEN : `(${name})`,
  );
}

const A_TOKEN = '(a token)';

/** A value in a few characters: a construct, which refers to all of its app, by its path. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  try {
    return JSON.stringify(value, plain) ?? `(${typeof value})`;
  } catch {
    return `(${typeof value})`;
  }
}

/** Of the value itself, for tokens have a JSON of their own. */
function plain(this: Readonly<Record<string, unknown>>, name: string, json: unknown): unknown {
  const value = this[name];
  if (Construct.isConstruct(value)) return value.node.path;
  if (value instanceof Duration) return value.toHumanString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value !== 'string' && !Array.isArray(value) && Token.isUnresolved(value) ? A_TOKEN : json;
}

import { Construct } from 'constructs';
import { nearest, unknownName } from './names';
import { OptionError } from './option-error';

/** The rule of each option: it takes a value, and gives what is used of it, or throws an {@link OptionError}. */
export type Rules = Readonly<Record<string, (value: never, option: string) => unknown>>;

/** What rules give. */
export type Checked<R extends Rules> = { readonly [Name in keyof R]?: ReturnType<R[Name]> };

/**
 * What is given, checked by a table of rules. In JavaScript null is as good as leaving an option out, and a name may be misspelt.
 *
 * @param owner what stands in front of the options' names, such as `origins[0].`
 * @param required options whose rules are for undefined, too
 * @throws OptionError for a name that has no rule, and by the rules
 */
export function checkAll<R extends Rules>(
  rules: R,
  given: unknown,
  owner = '',
  required: (keyof R)[] = [],
): Checked<R> {
  const names = Object.keys(rules);
  const values = (Construct.isConstruct(given) ? {} : Object(given)) as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(typeof given === 'object' ? values : {})) {
    if (value == null || Object.hasOwn(rules, name)) continue;
    throw new OptionError(`${owner}${name}`, unknownName(nearest(name, names, name.length / 2), names), value);
  }
  const checked = names.map((name) => {
    const value = values[name] ?? undefined;
    const isChecked = value !== undefined || required.includes(name);
    return [name, isChecked ? rules[name]?.(value as never, `${owner}${name}`) : undefined];
  });
  return Object.fromEntries(checked);
}

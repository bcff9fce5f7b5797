import { readConfiguration } from '../../lambda/configuration';
import { ORIGINS } from '../../lambda/contract/environment';
import { servedName } from '../../lambda/paths/viewer-path';
import { count } from '../count';
import { printable } from '../printable';

/** Changed keys, by what the function would do with them. */
export interface ServedKeys {
  /** They have viewer paths to invalidate. */
  readonly served: readonly string[];
  /** How many the distribution does not serve. */
  readonly outside: number;
  /** How many of those that it serves are excluded. */
  readonly excluded: number;
}

/** Sorts out the keys that the function ignores, by the function's own globs. */
export function servedKeys(keys: readonly string[], originPath: string, exclude: readonly string[]): ServedKeys {
  const origin = { bucket: 'site', distribution: 'E1', path: originPath, exclude };
  const { origins } = readConfiguration({ [ORIGINS]: JSON.stringify([origin]) });
  let outside = 0;
  let excluded = 0;
  const served = keys.filter((key) => {
    const name = servedName(key, originPath);
    if (name === undefined) outside++;
    else if (origins.some(({ excludes }) => excludes(name))) excluded++;
    else return true;
    return false;
  });
  return { served, outside, excluded };
}

/** What is to be said of keys before they are planned: those that are left out, and those that look like a slip. */
export function remarksOn(
  keys: readonly string[],
  originPath: string,
  { outside, excluded }: Pick<ServedKeys, 'outside' | 'excluded'>,
): string[] {
  const slashed = keys.filter((key) => key.startsWith('/'));
  const first = printable(slashed[0] ?? '');
  return [
    ...remark(slashed.length, 'begins', 'begin', `with a slash, which keys seldom do; the first is "${first}"`),
    ...remark(outside, 'is', 'are', `outside of the origin path ${originPath}`),
    ...remark(excluded, 'is', 'are', 'excluded'),
  ];
}

function remark(number: number, ofOne: string, ofMany: string, rest: string): string[] {
  return number === 0 ? [] : [`${count(number, 'key')} ${number === 1 ? ofOne : ofMany} ${rest}.`];
}

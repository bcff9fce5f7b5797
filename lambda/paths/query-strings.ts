import { LONGEST_PATH } from '../contract/quotas';
import type { RadixTree } from '../tree/path-tree';
import { isWildcard, shorten } from './viewer-path';

/** What follows a path in the wildcard of its query strings alone. */
const QUERY_STRINGS = '?*';

/**
 * What there is to cover where query strings are part of the cache key: the path itself, and everything that begins with
 * it and a `?`. The plan may cover both by one wildcard behind the path, which matches what else begins like it, too.
 */
export function withQueryStrings(path: string): string[] {
  if (isWildcard(path) || path.includes('?')) return [path];
  if (path.length + QUERY_STRINGS.length > LONGEST_PATH) return [`${shorten(path)}*`];
  return [path, path + QUERY_STRINGS];
}

/** The path whose query strings a wildcard stands for; undefined where it stands for more. */
function pathOfQueryStrings(wildcard: string): string | undefined {
  return wildcard.endsWith(QUERY_STRINGS) ? wildcard.slice(0, -QUERY_STRINGS.length) : undefined;
}

/** Where nothing else is expected to live under a node than what is known of. */
export const EXPECTED = 1;
/** Where nothing else can. */
export const CERTAIN = 2;

/**
 * Per node of a tree, whether something may live under it besides its paths. No object's path goes on with a `?`, so nothing
 * does under the query strings of a path; and few objects are named as another one that has an extension, and more.
 *
 * @returns undefined where the tree has no query strings
 */
export function lonelyNodes({ nodes, paths, first, length, parent, forced }: RadixTree): Uint8Array | undefined {
  let lonely: Uint8Array | undefined;
  for (let node = 0; node < nodes; node++) {
    const path = forced[node] ? pathOfQueryStrings(paths[first[node] as number] as string) : undefined;
    if (path === undefined) continue;
    lonely ??= new Uint8Array(nodes);
    lonely[node] = CERTAIN;
    const above = parent[node] as number;
    if (above >= 0 && length[above] === path.length && hasExtension(path)) lonely[above] = EXPECTED;
  }
  return lonely;
}

/** Whether the name of a path ends as that of a file: `a.html`, but neither `about` nor `v1.2`, which may be folders. */
function hasExtension(path: string): boolean {
  return /[^/]\.[a-z][a-z0-9]{0,9}$/i.test(path);
}

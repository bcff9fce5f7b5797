import { LONGEST_PATH } from '../contract/quotas';
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
export function pathOfQueryStrings(wildcard: string): string | undefined {
  return wildcard.endsWith(QUERY_STRINGS) ? wildcard.slice(0, -QUERY_STRINGS.length) : undefined;
}

import { coverage } from '../../lambda/paths/coverage';
import { isWildcard } from '../../lambda/paths/viewer-path';

/**
 * How many objects that did not change the wildcards of a plan evict, counted in the list of all keys. The planner itself lists
 * only what may change its plan, and estimates the rest.
 *
 * @param pathsOf the paths that viewers have for a key; none: it is not served
 */
export function countEvicted(
  paths: readonly string[],
  objects: readonly string[],
  changed: readonly string[],
  pathsOf: (key: string) => readonly string[],
): number {
  const wildcards = paths.filter(isWildcard);
  if (wildcards.length === 0) return 0;
  const own = new Set(changed);
  const coverOf = coverage(wildcards);
  return objects.filter((key) => !own.has(key) && pathsOf(key).some((path) => coverOf(path) !== undefined)).length;
}

import { isWildcard, stemOf } from '../../lambda/paths/viewer-path';

/** What a plan means for one object; the order is that of the drawing. */
export const MARKS = ['path', 'wildcard', 'earlier', 'waiting', 'evicted', 'untouched'] as const;

/**
 * - `path`, `wildcard`: changed, and covered by an exact path or by a wildcard.
 * - `earlier`: changed, and covered by an invalidation that is not this batch's.
 * - `waiting`: changed, and not covered yet.
 * - `evicted`: unchanged, but evicted by a wildcard.
 * - `untouched`: unchanged, and left in the cache.
 */
export type Mark = (typeof MARKS)[number];

/** What decides the mark of each object. */
export interface Marking {
  /** The paths of the invalidations. */
  readonly paths: readonly string[];
  readonly changed: ReadonlySet<string>;
  /** Changed objects that are not covered yet, of this batch or of later ones. */
  readonly waiting: ReadonlySet<string>;
  /** The paths under which an object may be cached. */
  readonly viewerPaths: (key: string) => readonly string[];
}

/** Marks objects: those of the bucket, and the changed ones, which may be gone from it. */
export function markObjects(keys: Iterable<string>, marking: Marking): Map<string, Mark> {
  const exact = new Set(marking.paths.filter((path) => !isWildcard(path)));
  const prefixes = marking.paths.filter(isWildcard).map(stemOf);
  const marks = new Map<string, Mark>();
  const markAll = (all: Iterable<string>) => {
    for (const key of all) if (!marks.has(key)) marks.set(key, markOf(key));
  };
  const isExact = (path: string) => exact.has(path);
  const isUnderWildcard = (path: string) => prefixes.some((prefix) => stemOf(path).startsWith(prefix));
  function markOf(key: string): Mark {
    if (marking.waiting.has(key)) return 'waiting';
    if (!marking.changed.has(key)) {
      return prefixes.length > 0 && marking.viewerPaths(key).some(isUnderWildcard) ? 'evicted' : 'untouched';
    }
    const paths = marking.viewerPaths(key);
    if (paths.some(isExact)) return 'path';
    return paths.some(isUnderWildcard) ? 'wildcard' : 'earlier';
  }
  markAll(marking.changed);
  markAll(keys);
  return marks;
}

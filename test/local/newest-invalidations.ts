import type { Invalidation } from '../../local/cloudfront/control-plane';
import { isWildcard } from '../../local/cloudfront/path-rules';

/** When the newest invalidation that matches a path was created, in ms; -1 for none. Quick for many of both. */
export function newestInvalidations(invalidations: readonly Invalidation[]): (path: string) => number {
  /** The newest of each path; wildcards without their `*`, by their length. */
  const exact = new Map<string, number>();
  const wildcards = new Map<number, Map<string, number>>();
  for (const { paths, createTime } of invalidations) {
    for (const path of paths) {
      if (!isWildcard(path)) {
        exact.set(path, createTime);
        continue;
      }
      const prefix = path.slice(0, -1);
      const ofLength = wildcards.get(prefix.length) ?? new Map();
      wildcards.set(prefix.length, ofLength.set(prefix, createTime));
    }
  }
  return (path) => {
    const matching = Array.from(wildcards, ([length, prefixes]) => prefixes.get(path.slice(0, length)) ?? -1);
    return Math.max(exact.get(path) ?? -1, ...matching);
  };
}

import type { ServedChange } from '../event/batch';
import { isWildcard, stemOf } from '../paths/viewer-path';
import type { AcceptedInvalidation } from './ledger';
import { openChangesOf, type PathGroup } from './path-group';

/**
 * How far the clocks of S3 and CloudFront may be apart, in ms: many times what AWS's time service leaves between clocks. An
 * invalidation counts as newer than a change only if it is newer by more than this.
 */
export const CLOCK_TOLERANCE = 1_000;

/** Changes, by whether they still need an invalidation. */
export interface Split {
  /** With those of their paths that need one. */
  readonly open: readonly ServedChange[];
  /** By the ids of the invalidations that cover them. */
  readonly covered: ReadonlyMap<string, readonly ServedChange[]>;
}

/**
 * Tells apart the changes that still need an invalidation and those that are covered already. An invalidation covers every older
 * change under its paths, whichever message told of it. Only CloudFront's own time of creation counts: when it answers a
 * repeated request with an earlier invalidation, that is an earlier time.
 *
 * @param invalidations the oldest first
 */
export function splitCovered(invalidations: readonly AcceptedInvalidation[], changes: readonly ServedChange[]): Split {
  const oldest = changes.reduce((least, { time = least }) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const covering = coveringInvalidation(invalidations.filter(({ createTime }) => createTime > oldest));
  const open: ServedChange[] = [];
  const covered = new Map<string, ServedChange[]>();
  for (const change of changes) {
    const paths = change.paths.filter((path) => covering(path, change.time) === undefined);
    if (paths.length > 0) {
      open.push(paths.length < change.paths.length ? { ...change, paths } : change);
      continue;
    }
    const ids = new Set(change.paths.flatMap((path) => covering(path, change.time) ?? []));
    for (const id of ids) covered.set(id, [...(covered.get(id) ?? []), change]);
  }
  return { open, covered };
}

/** The groups that some invalidations do not cover already. */
export function stillOpen(groups: readonly PathGroup[], invalidations: readonly AcceptedInvalidation[]): PathGroup[] {
  const covering = coveringInvalidation(invalidations);
  const isOpen = ({ paths, time }: ServedChange) => paths.some((path) => covering(path, time) === undefined);
  return groups.filter((group) => openChangesOf([group]).some(isOpen));
}

/** The id of the invalidation that covers a path since after a change; undefined: there is none, or the time is not known. */
export function coveringInvalidation(
  invalidations: readonly AcceptedInvalidation[],
): (path: string, changeTime: number | undefined) => string | undefined {
  const exact = new Map<string, AcceptedInvalidation>();
  const wildcards = new Map<string, AcceptedInvalidation>();
  for (const invalidation of invalidations) {
    for (const path of invalidation.paths) {
      if (isWildcard(path)) wildcards.set(stemOf(path), invalidation);
      else exact.set(path, invalidation);
    }
  }
  const stems = [...wildcards];
  return (path, changeTime = Number.NaN) => {
    const isNewer = (each: AcceptedInvalidation) => each.createTime - changeTime > CLOCK_TOLERANCE;
    const same = isWildcard(path) ? undefined : exact.get(path);
    if (same && isNewer(same)) return same.id;
    const stem = stemOf(path);
    return stems.find(([each, invalidation]) => stem.startsWith(each) && isNewer(invalidation))?.[1].id;
  };
}

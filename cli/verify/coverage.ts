import { isWildcard, stemOf } from '../../lambda/paths/viewer-path';
import { reachOf } from './invalidation-item';
import { lowerBound, stemsEnd } from './sorted-stems';
import type { TimeSpan } from './time-span';

/** An object that has changed. */
export interface Change {
  readonly key: string;
  /** What there is to invalidate of it; one that ends in `*` only a wildcard covers. A cache tag has its `#`, and small letters. */
  readonly paths: readonly string[];
  readonly time: TimeSpan;
}

/** An invalidation, as CloudFront tells of it. */
export interface Invalidation {
  readonly id: string;
  readonly time: TimeSpan;
  readonly isCompleted: boolean;
  readonly items: readonly string[];
}

/**
 * What is known of a path since its object changed. `completed` and `in progress`: covered. `not proven`: an invalidation covers it
 * that was created when the object may have changed already, or not yet.
 */
export type PathState = 'completed' | 'in progress' | 'not proven' | 'not covered';

export interface PathVerdict {
  readonly path: string;
  readonly state: PathState;
  /** The newest invalidation that proves the state. None: there is none. */
  readonly by?: Pick<Invalidation, 'id' | 'time'>;
}

/** A change, and what is known of each of its paths. */
export interface ChangeVerdict {
  readonly change: Change;
  readonly paths: readonly PathVerdict[];
}

export interface Coverage {
  /** Takes an invalidation into account; one that was in progress may come again when it is completed. */
  apply(invalidation: Invalidation): void;
  /** How many paths no completed invalidation covers. */
  readonly open: number;
  /** No invalidation that is older than this, in ms, has to do with what is open. Nothing is open: infinite. */
  readonly oldestOpen: number;
  /** In the order of the changes. */
  verdicts(): ChangeVerdict[];
}

/**
 * How far the clocks of S3 and CloudFront may be apart, in ms: many times what AWS's time service leaves between clocks. An
 * invalidation counts as newer than a change only if it is newer by more than this.
 */
export const CLOCK_TOLERANCE = 100;

const RANK: Readonly<Record<PathState, number>> = {
  'not covered': 0,
  'not proven': 1,
  'in progress': 2,
  completed: 3,
};

interface Target {
  readonly change: Change;
  readonly path: string;
  state: PathState;
  by?: Invalidation;
}

/**
 * Tells which invalidations cover which changes. Invalidations come one by one, so that no more of them are read than are needed; of
 * each, only the changed paths that it may cover are looked at.
 *
 * @param clockTolerance how far the clocks of S3 and CloudFront may be apart, in ms
 */
export function coverageOf(changes: readonly Change[], clockTolerance = CLOCK_TOLERANCE): Coverage {
  const byChange = changes.map((change) =>
    change.paths.map((path): Target => ({ change, path, state: 'not covered' })),
  );
  const targets = byChange.flat().sort((a, b) => compare(stemOf(a.path), stemOf(b.path)));
  const stems = targets.map(({ path }) => stemOf(path));
  const openFrom = linksToOpen(targets.length);
  const byAge = targets.toSorted((a, b) => a.change.time.earliest - b.change.time.earliest);
  let open = targets.length;
  let oldest = 0;

  function stateBy({ time, isCompleted }: Invalidation, change: Change): PathState {
    if (time.earliest - change.time.latest > clockTolerance) return isCompleted ? 'completed' : 'in progress';
    return time.latest + clockTolerance >= change.time.earliest ? 'not proven' : 'not covered';
  }

  function coverExactly(item: string, invalidation: Invalidation): void {
    const from = lowerBound(stems, item);
    const end = stemsEnd(stems, from, (stem) => stem === item);
    cover(from, end, invalidation, true);
  }

  function cover(from: number, end: number, invalidation: Invalidation, isExact: boolean): void {
    for (let at = openFrom.next(from); at < end; at = openFrom.next(at + 1)) {
      const target = targets[at] as Target;
      if (isExact && isWildcard(target.path)) continue;
      const state = stateBy(invalidation, target.change);
      const isNewer = invalidation.time.latest > (target.by?.time.latest ?? Number.NEGATIVE_INFINITY);
      const rank = RANK[state] - RANK[target.state];
      if (rank < 0 || (rank === 0 && !isNewer) || state === 'not covered') continue;
      target.state = state;
      target.by = invalidation;
      if (state !== 'completed') continue;
      openFrom.close(at);
      open--;
    }
  }

  return {
    get open() {
      return open;
    },
    get oldestOpen() {
      while (byAge[oldest]?.state === 'completed') oldest++;
      return byAge[oldest]?.change.time.earliest ?? Number.POSITIVE_INFINITY;
    },
    apply(invalidation) {
      for (const item of invalidation.items) {
        const reach = reachOf(item);
        if (reach.kind === 'path') coverExactly(reach.path, invalidation);
        else if (reach.kind === 'tag') coverExactly(`#${reach.tag}`, invalidation);
        else if (reach.kind === 'wildcard') {
          const from = lowerBound(stems, reach.stem);
          cover(
            from,
            stemsEnd(stems, from, (stem) => stem.startsWith(reach.stem)),
            invalidation,
            false,
          );
        }
      }
    },
    verdicts: () =>
      changes.map((change, at) => ({
        change,
        paths: (byChange[at] ?? []).map(({ path, state, by }) => ({ path, state, ...(by && { by }) })),
      })),
  };
}

/** By code units, as `startsWith` goes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Leads from an index to the next one that is open: closed ones are passed once, and then by a shorter link. */
function linksToOpen(length: number) {
  const links = Uint32Array.from({ length: length + 1 }, (_, at) => at);
  return {
    close(at: number): void {
      links[at] = at + 1;
    },
    next(from: number): number {
      let end = from;
      while (end < length && links[end] !== end) end = links[end] as number;
      for (let at = from; at < end; ) {
        const after = links[at] as number;
        links[at] = end;
        at = after;
      }
      return end;
    },
  };
}

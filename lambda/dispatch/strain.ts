import { PATHS_PER_SECOND } from '../contract/quotas';
import { isWildcard } from '../paths/viewer-path';
import type { LeastSaving } from '../plan/cheapest-cover';
import type { Plan, PlanOptions } from '../plan/cheapest-plan';
import { type FullQuota, NEVER_FULL } from './invalidate';
import { makeRecurrence, type Recurrence } from './recurrence';

/** Refused invocations in a row after which CloudFront is taken to be out of order, and not only busy. */
const OUT_OF_ORDER = 2;

/**
 * What wildcards save at least: CloudFront may hold the few that it takes for minutes, and others need them. Those of a deploy
 * save most of its price together; where changes all over a site go on, they hardly save any.
 */
const LEAST_SAVING: LeastSaving = { each: 0.02, together: 0.15 };

/**
 * The same where they are dearer: while CloudFront may hold some already, or a load may go on, where they are scarce, and in a
 * wide plan, of which one is as good as many.
 */
const LEAST_SAVING_OF_DEAR: LeastSaving = { ...LEAST_SAVING, each: 0.2 };

/** How many times dearer each refusal for the quota makes a path. */
const WIDENING = 16;

/** What a warm function remembers of how its distributions take invalidations. Times in ms since the epoch. */
export interface Strain {
  /**
   * How long a plan waits, in ms. Where much of a site changes all the time, one wide wildcard covers what a minute brings as well
   * as what a second brings: asked for less often, it leaves the origin time to fill the cache, and CloudFront room for the next.
   * Under a load that goes on, any wildcard that comes again and again waits so, for they may run out; where they already did,
   * waiting would leave them to others.
   *
   * @param changes how many it is for
   */
  tooEarlyBy(distribution: string, plan: Breadth & Pick<Plan, 'paths'>, changes: number, now: number): number;
  /** A plan is asked for next. */
  asks(distribution: string, plan: Breadth & Pick<Plan, 'paths'>): void;
  /** CloudFront has accepted some paths. */
  accepted(distribution: string, paths: readonly string[], now: number): void;
  /** CloudFront's quota was full for some paths. */
  quotaFull(distribution: string, paths: readonly string[], now: number): void;
  /** An invocation gives up what was refused and passes later. @param isQuotaFull it was for the quota of invalidations */
  refused(distribution: string, isQuotaFull: boolean, now: number): void;
  /** Whether one after the other ended so, and nothing was accepted in between. */
  isOutOfOrder(distribution: string): boolean;
  /**
   * Whether invalidations last so long that CloudFront runs out of wildcards for wide plans: not long ago, one was refused longer
   * than an invocation can wait, or a few paths were refused again after more than ten seconds.
   */
  isScarce(distribution: string, now: number): boolean;
  /** What the wildcards of a plan must save. */
  leastSaving(distribution: string, now: number): LeastSaving;
}

/** How much of the cache a plan throws out. */
type Breadth = Pick<Plan, 'evicted' | 'guessed'>;

/** A plan is wide that discards so many unchanged objects, or an unknown number. */
const WIDE = 10_000;

/** For so many changes at once a wildcard that recurs keeps its distance: what somebody does by hand is less. */
const LASTING_LOAD = 100;

/** Between two wide plans, in ms: the batching window, and half a minute, which an invocation can wait. */
const DISTANCE = 51_000;

/**
 * The same where wildcards are scarce: 15 of them, which two environments may use, last for ten minutes. The two do not know of
 * each other, and learn of the scarcity in the same second: with the same distances they would take each wildcard in the same
 * second ever after, so each distance is drawn.
 */
const SCARCE_DISTANCE = { least: 90_000, most: 135_000 };

/** How long invalidations used to last, and CloudFront may hold a wildcard, in ms. */
const LONGEST_INVALIDATION = 10 * 60_000;

/** How long wildcards are taken to be scarce, in ms. */
const SCARCE = 1.5 * LONGEST_INVALIDATION;

/**
 * When a quota that is full for so few paths as pass in a second was so before, in ms, and nothing but wildcards was accepted since:
 * it is not of a second, and what used it up is still in progress.
 */
const STILL_FULL = { from: 10_000, to: 120_000 };

/** What is remembered of one distribution. What has never been was infinitely long ago. */
interface DistributionStrain {
  /** Invocations in a row that gave up. */
  refusals: number;
  lastWide: number;
  /** When a wildcard was accepted, or so many paths that more may follow. */
  lastMuch: number;
  readonly recurrence: Recurrence;
  /** When wildcards alone were refused for the quota. */
  wildcardsFullAt: number;
  /** The wildcards of a wide plan that were not accepted so far. */
  asking?: Set<string>;
  /** When the quota was first full for a few paths, with none accepted since. */
  fullAt: number;
  scarceUntil: number;
  /** To the last wildcard where they are scarce, in ms. */
  scarceDistance: number;
}

const NEVER = Number.NEGATIVE_INFINITY;

function unstrained(scarceDistance: number): DistributionStrain {
  return {
    refusals: 0,
    lastWide: NEVER,
    lastMuch: NEVER,
    recurrence: makeRecurrence(),
    wildcardsFullAt: NEVER,
    fullAt: NEVER,
    scarceUntil: NEVER,
    scarceDistance,
  };
}

/** @param random from 0 to 1 */
export function makeStrain(random = Math.random): Strain {
  const { least, most } = SCARCE_DISTANCE;
  const drawDistance = () => least + random() * (most - least);
  const distributions = new Map<string, DistributionStrain>();
  function of(distribution: string): DistributionStrain {
    const strain = distributions.get(distribution) ?? unstrained(drawDistance());
    distributions.set(distribution, strain);
    return strain;
  }
  const isOutOfOrder = (distribution: string) => of(distribution).refusals >= OUT_OF_ORDER;
  const isScarce = (distribution: string, now: number) => now < of(distribution).scarceUntil;
  return {
    tooEarlyBy(distribution, plan, changes, now) {
      if (isOutOfOrder(distribution)) return 0;
      const strain = of(distribution);
      const goesOn = changes >= LASTING_LOAD && now - strain.wildcardsFullAt >= LONGEST_INVALIDATION;
      const lastOfLoad = goesOn ? strain.recurrence.lastOf(plan.paths, now) : NEVER;
      const predecessor = isWide(plan) ? strain.lastWide : lastOfLoad;
      const distance = isScarce(distribution, now) ? strain.scarceDistance : DISTANCE;
      return Math.min(Math.max(0, predecessor + distance - now), distance);
    },
    asks(distribution, plan) {
      of(distribution).asking = isWide(plan) ? new Set(plan.paths.filter(isWildcard)) : undefined;
    },
    accepted(distribution, paths, now) {
      const strain = of(distribution);
      strain.refusals = 0;
      const wildcards = paths.filter(isWildcard);
      if (wildcards.length > 0) strain.scarceDistance = drawDistance();
      if (wildcards.length > 0 || paths.length >= LASTING_LOAD) strain.lastMuch = now;
      strain.recurrence.accepted(wildcards, now);
      if (wildcards.length < paths.length) strain.fullAt = NEVER;
      const { asking } = strain;
      const taken = wildcards.filter((path) => asking?.delete(path));
      if (taken.length === 0 || asking?.size !== 0) return;
      strain.asking = undefined;
      strain.lastWide = now;
    },
    quotaFull(distribution, paths, now) {
      const strain = of(distribution);
      if (paths.every(isWildcard)) strain.wildcardsFullAt = now;
      if (paths.length > PATHS_PER_SECOND || paths.some(isWildcard)) return;
      const since = now - strain.fullAt;
      if (since > STILL_FULL.to) strain.fullAt = now;
      else if (since >= STILL_FULL.from) strain.scarceUntil = now + SCARCE;
    },
    refused(distribution, isQuotaFull, now) {
      const strain = of(distribution);
      strain.refusals += 1;
      if (isQuotaFull && strain.asking) strain.scarceUntil = now + SCARCE;
    },
    isOutOfOrder,
    isScarce,
    leastSaving(distribution, now) {
      const mayHoldMuch = now - of(distribution).lastMuch < LONGEST_INVALIDATION;
      return mayHoldMuch || isScarce(distribution, now) ? LEAST_SAVING_OF_DEAR : LEAST_SAVING;
    },
  };
}

/** Whether a plan throws out so much of the cache that it keeps its distance. */
export function isWide({ evicted, guessed }: Breadth): boolean {
  return guessed || evicted >= WIDE;
}

/**
 * What a plan may ask for.
 *
 * @param full how often the quota was full for plans for the same changes in this invocation: then paths are scarce, and what is
 * unchanged has to give way to what is stale; where only wildcards are, it is their number that has to
 */
export function planOptions(
  refetchesPerPath: number,
  { times, onlyWildcards }: FullQuota = NEVER_FULL,
  leastSaving = LEAST_SAVING,
): PlanOptions {
  if (times === 0) return { refetchesPerPath, leastSaving };
  const maxWildcards = times === 1 ? 3 : 1;
  if (onlyWildcards) return { refetchesPerPath, maxWildcards };
  return { refetchesPerPath: refetchesPerPath * WIDENING ** times, maxPaths: PATHS_PER_SECOND, maxWildcards };
}

/** What a wide plan may ask for: few wildcards, or one. */
export function wideOptions(options: PlanOptions, takesOne: boolean): PlanOptions {
  return takesOne ? { ...options, maxWildcards: 1 } : { ...options, leastSaving: LEAST_SAVING_OF_DEAR };
}

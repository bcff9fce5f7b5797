import type { FullQuota } from './invalidate';
import { isWildcard } from './path';
import type { Plan, PlanOptions } from './plan';
import { PATHS_PER_SECOND } from './quotas';

/** Refused invocations in a row after which CloudFront is taken to be out of order, and not only busy. */
const OUT_OF_ORDER = 2;

/** Share of a plan's price that each wildcard saves at least: CloudFront may hold the few that it takes for minutes, and others need them. */
const LEAST_SAVING = 0.02;

/** The same where they are dearer: while CloudFront may hold some already, where they are scarce, and in a wide plan, of which one is as good as many. */
const LEAST_SAVING_OF_DEAR = 0.2;

/** How many times dearer each refusal for the quota makes a path. */
const WIDENING = 16;

/** What a warm function remembers of how its distributions take invalidations. Times in ms since the epoch. */
export interface Strain {
  /**
   * How long a plan waits, in ms. Where much of a site changes all the time, one wide wildcard covers what a minute brings as well
   * as what a second brings: asked for less often, it leaves the origin time to fill the cache, and CloudFront room for the next.
   */
  tooEarlyBy(distribution: string, plan: Breadth, now: number): number;
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
  /** Share of a plan's price that each of its wildcards must save. */
  leastSaving(distribution: string, now: number): number;
}

/** How much of the cache a plan throws out. */
type Breadth = Pick<Plan, 'discarded' | 'guessed'>;

/** A plan is wide that discards so many unchanged objects, or an unknown number. */
const WIDE = 10_000;

/** Between two wide plans, in ms: the batching window, and what an invocation can wait. */
const DISTANCE = 51_000;

/** The same where wildcards are scarce: 15 of them, which two environments may use, last for ten minutes. */
const SCARCE_DISTANCE = 90_000;

/** How long invalidations used to last, and CloudFront may hold a wildcard, in ms. */
const LONGEST_INVALIDATION = 10 * 60_000;

/** How long wildcards are taken to be scarce, in ms. */
const SCARCE = 1.5 * LONGEST_INVALIDATION;

/**
 * When a quota that is full for so few paths as pass in a second was so before, in ms, and nothing but wildcards was accepted since:
 * it is not of a second, and what used it up is still in progress.
 */
const STILL_FULL = { from: 10_000, to: 120_000 };

export function makeStrain(): Strain {
  const refusals = new Map<string, number>();
  const lastWide = new Map<string, number>();
  /** The wildcards of a wide plan that were not accepted so far. */
  const asking = new Map<string, Set<string>>();
  const scarceUntil = new Map<string, number>();
  const isOutOfOrder = (distribution: string) => (refusals.get(distribution) ?? 0) >= OUT_OF_ORDER;
  const isScarce = (distribution: string, now: number) =>
    now < (scarceUntil.get(distribution) ?? Number.NEGATIVE_INFINITY);
  const fullAt = new Map<string, number>();
  const lastWildcard = new Map<string, number>();
  return {
    tooEarlyBy(distribution, plan, now) {
      const last = lastWide.get(distribution);
      if (last === undefined || isOutOfOrder(distribution) || !isWide(plan)) return 0;
      const distance = isScarce(distribution, now) ? SCARCE_DISTANCE : DISTANCE;
      return Math.min(Math.max(0, last + distance - now), distance);
    },
    asks(distribution, plan) {
      if (isWide(plan)) asking.set(distribution, new Set(plan.paths.filter(isWildcard)));
      else asking.delete(distribution);
    },
    accepted(distribution, paths, now) {
      refusals.delete(distribution);
      if (paths.some(isWildcard)) lastWildcard.set(distribution, now);
      if (!paths.every(isWildcard)) fullAt.delete(distribution);
      const wildcards = asking.get(distribution);
      if (!paths.some((path) => wildcards?.delete(path)) || wildcards?.size !== 0) return;
      asking.delete(distribution);
      lastWide.set(distribution, now);
    },
    quotaFull(distribution, paths, now) {
      if (paths.length > PATHS_PER_SECOND || paths.some(isWildcard)) return;
      const since = now - (fullAt.get(distribution) ?? Number.NEGATIVE_INFINITY);
      if (since > STILL_FULL.to) fullAt.set(distribution, now);
      else if (since >= STILL_FULL.from) scarceUntil.set(distribution, now + SCARCE);
    },
    refused(distribution, isQuotaFull, now) {
      refusals.set(distribution, (refusals.get(distribution) ?? 0) + 1);
      if (isQuotaFull && asking.has(distribution)) scarceUntil.set(distribution, now + SCARCE);
    },
    isOutOfOrder,
    isScarce,
    leastSaving(distribution, now) {
      const since = now - (lastWildcard.get(distribution) ?? Number.NEGATIVE_INFINITY);
      return since < LONGEST_INVALIDATION || isScarce(distribution, now) ? LEAST_SAVING_OF_DEAR : LEAST_SAVING;
    },
  };
}

/** Whether a plan throws out so much of the cache that it keeps its distance. */
export function isWide({ discarded, guessed }: Breadth): boolean {
  return guessed || discarded >= WIDE;
}

const NEVER_FULL: FullQuota = { times: 0, onlyWildcards: false };

/**
 * What a plan may ask for.
 *
 * @param full how often the quota was full for plans for the same changes in this invocation: then paths are scarce, and what is
 * unchanged has to give way to what is stale; where only wildcards are, it is their number that has to
 * @param leastSaving share of the plan's price that each of its wildcards must save
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

import { isWildcard } from './path';
import type { Plan, PlanOptions } from './plan';
import { PATHS_PER_SECOND } from './quotas';

/** Refused invocations in a row after which CloudFront is taken to be out of order, and not only busy. */
const OUT_OF_ORDER = 2;

/** Share of a plan's price that each wildcard saves at least: CloudFront may hold the few that it takes for minutes, and others need them. */
const LEAST_SAVING = 0.01;

/** The same where wildcards are scarce: they are left to wide plans. */
const LEAST_SAVING_OF_SCARCE = 0.2;

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
  /** An invocation gives up what was refused and passes later. @param isQuotaFull it was for the quota of invalidations */
  refused(distribution: string, isQuotaFull: boolean, now: number): void;
  /** Whether one after the other ended so, and nothing was accepted in between. */
  isOutOfOrder(distribution: string): boolean;
  /**
   * Whether invalidations last so long that CloudFront runs out of wildcards for wide plans: one was refused longer than an
   * invocation can wait, not long ago.
   */
  isScarce(distribution: string, now: number): boolean;
}

/** How much of the cache a plan throws out. */
type Breadth = Pick<Plan, 'discarded' | 'guessed'>;

/** A plan is wide that discards so many unchanged objects, or an unknown number. */
const WIDE = 10_000;

/** Between two wide plans, in ms: the batching window, and what an invocation can wait. */
const DISTANCE = 51_000;

/** The same where wildcards are scarce: 15 of them, which two environments may use, last for ten minutes. */
const SCARCE_DISTANCE = 90_000;

/** How long wildcards are taken to be scarce, in ms: as long as invalidations used to last, and half as long again. */
const SCARCE = 15 * 60_000;

export function makeStrain(): Strain {
  const refusals = new Map<string, number>();
  const lastWide = new Map<string, number>();
  /** The wildcards of a wide plan that were not accepted so far. */
  const asking = new Map<string, Set<string>>();
  const scarceUntil = new Map<string, number>();
  const isOutOfOrder = (distribution: string) => (refusals.get(distribution) ?? 0) >= OUT_OF_ORDER;
  const isScarce = (distribution: string, now: number) =>
    now < (scarceUntil.get(distribution) ?? Number.NEGATIVE_INFINITY);
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
      const wildcards = asking.get(distribution);
      if (!paths.some((path) => wildcards?.delete(path)) || wildcards?.size !== 0) return;
      asking.delete(distribution);
      lastWide.set(distribution, now);
    },
    refused(distribution, isQuotaFull, now) {
      refusals.set(distribution, (refusals.get(distribution) ?? 0) + 1);
      if (isQuotaFull && asking.has(distribution)) scarceUntil.set(distribution, now + SCARCE);
    },
    isOutOfOrder,
    isScarce,
  };
}

/** Whether a plan throws out so much of the cache that it keeps its distance. */
export function isWide({ discarded, guessed }: Breadth): boolean {
  return guessed || discarded >= WIDE;
}

/**
 * What a plan may ask for.
 *
 * @param refusals how often the quota was full for plans for the same changes in this invocation: then paths are scarce, and
 * what is unchanged has to give way to what is stale
 * @param isScarce whether CloudFront runs out of wildcards
 */
export function planOptions(refetchesPerPath: number, refusals: number, isScarce = false): PlanOptions {
  if (refusals === 0) return { refetchesPerPath, leastSaving: isScarce ? LEAST_SAVING_OF_SCARCE : LEAST_SAVING };
  return {
    refetchesPerPath: refetchesPerPath * WIDENING ** refusals,
    maxPaths: PATHS_PER_SECOND,
    maxWildcards: refusals === 1 ? 3 : 1,
  };
}

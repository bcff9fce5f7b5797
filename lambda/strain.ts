import type { Plan, PlanOptions } from './plan';
import { PATHS_PER_SECOND } from './quotas';

/** Refused invocations in a row after which CloudFront is taken to be out of order, and not only busy. */
const OUT_OF_ORDER = 2;

/** Share of a plan's price that each wildcard saves at least: CloudFront may hold the few that it takes for minutes, and others need them. */
const LEAST_SAVING = 0.01;

/** How many times dearer each refusal for the quota makes a path. */
const WIDENING = 16;

/** What a warm function remembers of how its distributions take invalidations. Times in ms since the epoch. */
export interface Strain {
  /** CloudFront has accepted something. */
  accepted(distribution: string): void;
  /** An invocation has ended with something refused that passes later. */
  refused(distribution: string): void;
  /** Whether one after the other ended so, and nothing was accepted in between. */
  isOutOfOrder(distribution: string): boolean;
  /**
   * How long a plan waits, in ms. Where much of a site changes all the time, one wide wildcard covers what a minute brings as well
   * as what a second brings: asked for less often, it leaves the origin time to fill the cache, and CloudFront room for the next.
   */
  tooEarlyBy(distribution: string, plan: Breadth, now: number): number;
  /** A plan is asked for. It counts though it should be refused: what is asked for less often passes as soon, and leaves room. */
  asked(distribution: string, plan: Breadth, now: number): void;
}

/** How much of the cache a plan throws out. */
type Breadth = Pick<Plan, 'discarded' | 'guessed'>;

/** A plan is wide that discards so many unchanged objects, or an unknown number. */
const WIDE = 10_000;

/** Between two wide plans, in ms: the batching window, and what an invocation can wait. */
const DISTANCE = 46_000;

export function makeStrain(): Strain {
  const refused = new Map<string, number>();
  const lastWide = new Map<string, number>();
  const isOutOfOrder = (distribution: string) => (refused.get(distribution) ?? 0) >= OUT_OF_ORDER;
  return {
    accepted: (distribution) => void refused.delete(distribution),
    refused: (distribution) => void refused.set(distribution, (refused.get(distribution) ?? 0) + 1),
    isOutOfOrder,
    tooEarlyBy(distribution, plan, now) {
      const last = isOutOfOrder(distribution) ? undefined : lastWide.get(distribution);
      return last === undefined || !isWide(plan) ? 0 : Math.max(0, last + DISTANCE - now);
    },
    asked(distribution, plan, now) {
      if (isWide(plan)) lastWide.set(distribution, now);
    },
  };
}

function isWide({ discarded, guessed }: Breadth): boolean {
  return guessed || discarded >= WIDE;
}

/**
 * What a plan may ask for.
 *
 * @param refusals how often the quota was full for plans for the same changes in this invocation: then paths are scarce, and
 * what is unchanged has to give way to what is stale
 */
export function planOptions(refetchesPerPath: number, refusals: number): PlanOptions {
  if (refusals === 0) return { refetchesPerPath, leastSaving: LEAST_SAVING };
  return {
    refetchesPerPath: refetchesPerPath * WIDENING ** refusals,
    maxPaths: PATHS_PER_SECOND,
    maxWildcards: refusals === 1 ? 3 : 1,
  };
}

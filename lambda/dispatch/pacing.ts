import { type ServedChange, stalenessOf } from '../event/batch';
import { isWildcard } from '../paths/viewer-path';
import type { LeastSaving } from '../plan/cheapest-cover';
import type { Plan } from '../plan/plan';
import { ASSUMED_OBJECTS } from '../plan/wildcard-prices';
import { type Ledger, LONGEST_INVALIDATION } from './ledger';

/**
 * CloudFront may hold the few wildcards that it takes for minutes, and a wide one costs the origin a cold cache. So plans with
 * wildcards keep a distance where many were used already, or where much would be evicted: one wildcard covers what a minute
 * brings as well as what a second brings. The loads of the bench need each of the numbers (docs/decisions/pacing.md).
 */
export const PACING = {
  /** Between two plans with wildcards, in ms: the batching window, and half a minute, which an invocation can wait. */
  distance: 51_000,
  /** How old a change may become by waiting, in ms: a batch whose window began with the last wildcard can just wait as long as it must. */
  oldestChange: 54_000,
  /** Wildcards used in ten minutes, of the 15 that CloudFront takes, from which on plans keep the distance. */
  usedWildcards: 5,
  /** How many times its price a single wildcard may cost in place of several, where a plan is early and cannot wait. */
  singleWildcard: 2,
} as const;

/** What wildcards save at least: those of a deploy save most of its price; changes all over a site, hardly any. */
export const LEAST_SAVING: LeastSaving = { each: 0.02, together: 0.15 };

/** How long a plan has to wait, in ms, by the invalidations that were accepted lately. */
export function requiredDelay(plan: Plan, ledger: Ledger, now: number): number {
  if (plan.wildcards === 0) return 0;
  const times = wildcardTimes(ledger, now);
  if (times.length < PACING.usedWildcards && !isWide(plan)) return 0;
  const last = times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
  return Math.min(Math.max(0, last + PACING.distance - now), PACING.distance);
}

/** When the wildcards of the last ten minutes were accepted. */
export function wildcardTimes({ invalidations }: Ledger, now: number): number[] {
  const lately = invalidations.filter(({ createTime }) => now - createTime < LONGEST_INVALIDATION);
  return lately.flatMap(({ paths, createTime }) => paths.filter(isWildcard).map(() => createTime));
}

/** Whether a plan evicts as much as a whole site, or may: it keeps the distance, and takes a single wildcard. */
export function isWide({ evicted, guessed }: Pick<Plan, 'evicted' | 'guessed'>): boolean {
  return guessed || evicted >= ASSUMED_OBJECTS;
}

/** How long some changes may wait for their pace, in ms: as long as the oldest new one may. */
export function timeToPace(changes: readonly ServedChange[], now: number): number {
  const fresh = changes.filter(({ receiveCount }) => receiveCount === 1);
  return PACING.oldestChange - 1000 * stalenessOf(fresh, now);
}

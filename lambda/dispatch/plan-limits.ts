import { MOST_PATHS, PATHS_PER_SECOND } from '../contract/quotas';
import type { PlanLimits } from '../plan/cheapest-plan';
import { LEAST_SAVING } from './pacing';

/** What CloudFront's quota was full for, in this invocation. */
export interface QuotaHistory {
  /** How often a plan was refused. */
  readonly times: number;
  /** Only wildcards were refused, the last time. */
  readonly onlyWildcards: boolean;
}

/** How many times dearer each refusal for the quota makes a path. */
const WIDENING = 16;

/** Wildcards that a plan may have after each refusal. */
const WILDCARDS_AFTER_REFUSAL = [15, 3, 1];

/** The most exact paths that replace wildcards which CloudFront keeps refusing. */
const MAX_EXACT_PATHS = 500;

/**
 * What the next plan for some changes may cost. Where the quota was full, unchanged objects give way to stale ones: plans become
 * wider. Where it was full for wildcards alone, wildcards become fewer, down to none.
 *
 * @param batchLimit what `maxPathsPerDay` leaves to the batch; undefined: it is not given
 * @param exactPaths how many paths the changes have
 */
export function planLimits(
  refetchesPerPath: number,
  { times, onlyWildcards }: QuotaHistory,
  batchLimit: number | undefined,
  exactPaths: number,
): PlanLimits {
  if (batchLimit === 0) return { refetchesPerPath, maxPaths: 1, maxWildcards: 1 };
  const maxPaths = Math.min(times > 0 && !onlyWildcards ? PATHS_PER_SECOND : MOST_PATHS, batchLimit ?? MOST_PATHS);
  if (times === 0) return { refetchesPerPath, leastSaving: LEAST_SAVING, maxPaths };
  const maxWildcards = WILDCARDS_AFTER_REFUSAL[Math.min(times, 2)];
  if (!onlyWildcards) return { refetchesPerPath: refetchesPerPath * WIDENING ** times, maxPaths, maxWildcards };
  const isExact = times > 2 && exactPaths <= Math.min(MAX_EXACT_PATHS, maxPaths);
  return { refetchesPerPath, maxPaths, maxWildcards: isExact ? 0 : maxWildcards };
}

import { MOST_PATHS, PATHS_PER_SECOND } from '../contract/quotas';
import type { PlanLimits } from '../plan/cheapest-plan';
import { LEAST_SAVING } from './pacing';

/** Of what CloudFront's quota was full, in this invocation. */
export interface QuotaHistory {
  /** How often a plan did not pass. */
  readonly times: number;
  /** The last time, only wildcards did not pass. */
  readonly onlyWildcards: boolean;
}

/** How many times dearer a path becomes each time that the quota is full. */
const WIDENING = 16;

/** Wildcards that a plan may have, by how often the quota was full. */
const WILDCARDS_AFTER_REFUSAL = [15, 3, 1];

/** The most exact paths that replace wildcards for which the quota stays full. */
const MAX_EXACT_PATHS = 500;

/**
 * What the next plan for some changes may cost. If the quota was full, plans become wider: more unchanged objects are evicted, but
 * the changed ones become fresh. If it was full for wildcards alone, these become fewer, down to none.
 *
 * @param batchLimit what `maxPathsPerDay` leaves to the batch; undefined: there is no limit
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
  const isExact = times > 1 && exactPaths <= Math.min(MAX_EXACT_PATHS, maxPaths);
  return { refetchesPerPath, maxPaths, maxWildcards: isExact ? 0 : maxWildcards };
}

import { isWildcard } from './path-rules';

/**
 * How many paths CloudFront takes, in either of the two ways that AWS states it, per distribution. Exact paths and
 * wildcards are counted separately.
 *
 * - `in-progress`: so many in invalidations that are not yet completed
 *   (https://docs.aws.amazon.com/general/latest/gr/cf_region.html, service quotas).
 * - `rate`: token buckets, filled at so many a second and holding `burstSeconds` of them. AWS states neither the burst
 *   nor the scope (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html).
 *
 * A request that alone exceeds the quota is rejected, however long one waits.
 */
export type Quota =
  | { readonly kind: 'in-progress'; readonly paths: number; readonly wildcards: number }
  | {
      readonly kind: 'rate';
      readonly pathsPerSecond: number;
      readonly wildcardsPerSecond: number;
      readonly burstSeconds: number;
    }
  | { readonly kind: 'none' };

/** The quota by invalidations in progress, with AWS's numbers. */
export const IN_PROGRESS_QUOTA = { kind: 'in-progress', paths: 3000, wildcards: 15 } as const satisfies Quota;

/** The quota by rate, with AWS's numbers and the smallest burst that lets a second's worth through at once. */
export const RATE_QUOTA = {
  kind: 'rate',
  pathsPerSecond: 150,
  wildcardsPerSecond: 1,
  burstSeconds: 1,
} as const satisfies Quota;

/** What a request takes from the quota: each item counts, duplicates too. */
export interface Demand {
  readonly paths: number;
  readonly wildcards: number;
}

/** What a list of paths takes from the quota. */
export function demandOf(paths: readonly string[]): Demand {
  const wildcards = paths.filter(isWildcard).length;
  return { paths: paths.length - wildcards, wildcards };
}

/**
 * Takes a request's demand from a distribution's quota, all of it or nothing, and returns what is exceeded, if anything.
 *
 * @param inProgress what the distribution's invalidations in progress hold; called only if it counts
 * @param now milliseconds
 */
export type TakeQuota = (demand: Demand, inProgress: () => Demand, now: number) => keyof Demand | undefined;

/** The quota of one distribution. */
export function createQuota(quota: Quota): TakeQuota {
  switch (quota.kind) {
    case 'none':
      return () => undefined;
    case 'in-progress':
      return (demand, inProgress) => {
        const held = inProgress();
        return exceeded(demand, { paths: quota.paths - held.paths, wildcards: quota.wildcards - held.wildcards });
      };
    case 'rate':
      return createTokenBuckets(quota);
  }
}

/** Demand for none of a kind never exceeds it, even where lowering a limit left less than none. */
function exceeded(demand: Demand, left: Demand): keyof Demand | undefined {
  if (demand.wildcards > 0 && demand.wildcards > left.wildcards) return 'wildcards';
  if (demand.paths > 0 && demand.paths > left.paths) return 'paths';
  return undefined;
}

function createTokenBuckets(rate: Extract<Quota, { kind: 'rate' }>): TakeQuota {
  const full = {
    paths: rate.pathsPerSecond * rate.burstSeconds,
    wildcards: rate.wildcardsPerSecond * rate.burstSeconds,
  };
  // Sums of fractions of a second fall short of the whole by rounding.
  const rounding = 1e-6;
  let tokens: Demand = full;
  let filledAt: number | undefined;
  return (demand, _inProgress, now) => {
    const seconds = Math.max(0, now - (filledAt ?? now)) / 1000;
    filledAt = now;
    tokens = {
      paths: Math.min(full.paths, tokens.paths + seconds * rate.pathsPerSecond),
      wildcards: Math.min(full.wildcards, tokens.wildcards + seconds * rate.wildcardsPerSecond),
    };
    const over = exceeded(demand, { paths: tokens.paths + rounding, wildcards: tokens.wildcards + rounding });
    if (over === undefined) {
      tokens = { paths: tokens.paths - demand.paths, wildcards: tokens.wildcards - demand.wildcards };
    }
    return over;
  };
}

import type { ListedOrigin } from '../../lambda/bucket/inventory';
import type { ListObjects } from '../../lambda/bucket/list-objects';
import type { ChangedObject } from '../../lambda/paths/changed-object';
import type { PlanLimits } from '../../lambda/plan/cheapest-plan';
import { NOTHING_PENDING, type PlanContext } from '../../lambda/plan/deploy';
import { inspectBucket } from '../../lambda/plan/inspect-bucket';
import { type Plan, plan } from '../../lambda/plan/plan';

export interface PlanningOptions {
  readonly limits?: PlanLimits;
  readonly origins: readonly ListedOrigin[];
  /** Undefined: the bucket is not listed. */
  readonly list?: ListObjects | undefined;
  /** @default - nothing but the changes is pending */
  readonly context?: PlanContext;
  /** @default - it has all the time that it needs */
  readonly signal?: AbortSignal;
}

/** A plan, and what was listed for it. */
export interface PlanWithListing extends Plan {
  readonly listedPages: number;
  readonly listingFailure?: string | undefined;
}

/** Lists the bucket and plans, as the function does in a turn in which CloudFront takes everything. */
export async function planWithListing(
  changes: readonly ChangedObject[],
  { limits = {}, origins, list, context = NOTHING_PENDING, signal = new AbortController().signal }: PlanningOptions,
): Promise<PlanWithListing> {
  if (!list) return { ...plan(changes, limits), listedPages: 0 };
  const inventory = await inspectBucket(changes, { origins, list, limits, context, signal });
  const { listedPages, failure } = inventory;
  return { ...plan(changes, limits, inventory, context), listedPages, listingFailure: failure };
}

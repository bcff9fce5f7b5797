import type { ListingProgress } from '../bucket/listing-progress';
import { USUAL_REFETCHES_PER_PATH } from '../contract/pricing';
import type { ChangedObject } from '../paths/changed-object';
import { coverFor, type Plan, type PlanOptions, planFor, treeOf } from './cheapest-plan';
import { type InventoryOptions, takeInventory } from './inventory';

export interface PlannerOptions extends PlanOptions {
  /**
   * What the bucket is asked with.
   *
   * @default - the plan is made without asking
   */
  readonly census?: Omit<InventoryOptions, 'refetchesPerPath' | 'wildcards'>;
}

/** A plan, and what it took to know enough for it. */
export interface InformedPlan extends Plan {
  /** List requests made. */
  readonly listedPages: number;
  /** Why the bucket was asked in vain, wholly or from some page on. */
  readonly listingFailure?: string;
}

/** Plans by asking the bucket first, as far as an answer may be worth it. */
export async function planWithInventory(
  changed: readonly ChangedObject[],
  { census: asking, ...options }: PlannerOptions,
): Promise<InformedPlan> {
  const tree = treeOf(changed);
  const { refetchesPerPath = USUAL_REFETCHES_PER_PATH } = options;
  const wildcards = (knowledge: ListingProgress) => coverFor(tree, changed, options, knowledge).wildcards;
  const asks = asking && asking.maxDuration !== 0;
  const census = asks ? await takeInventory(tree, changed, { ...asking, refetchesPerPath, wildcards }) : undefined;
  return {
    ...planFor(tree, changed, options, census),
    listedPages: census?.pages ?? 0,
    ...(census?.failure !== undefined && { listingFailure: census.failure }),
  };
}

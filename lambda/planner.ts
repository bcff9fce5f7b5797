import { type CensusOptions, takeCensus } from './census';
import type { ChangedObject } from './changed-object';
import { type Plan, type PlanOptions, planFor, treeOf } from './plan';

export interface PlannerOptions extends PlanOptions {
  /**
   * What the bucket is asked with.
   *
   * @default - the plan is made without asking
   */
  readonly census?: Omit<CensusOptions, 'refetchesPerPath'>;
}

/** A plan, and what it took to know enough for it. */
export interface KnowingPlan extends Plan {
  /** List requests made. */
  readonly listedPages: number;
  /** Why the bucket was asked in vain, wholly or from some page on. */
  readonly censusFailure?: string;
}

/** Plans by asking the bucket first, as far as an answer may be worth it. */
export async function planWithCensus(
  changed: readonly ChangedObject[],
  { census: asking, ...options }: PlannerOptions,
): Promise<KnowingPlan> {
  const tree = treeOf(changed);
  const { refetchesPerPath = 100 } = options;
  const asks = asking && asking.maxDuration !== 0;
  const census = asks ? await takeCensus(tree, changed, { ...asking, refetchesPerPath }) : undefined;
  return {
    ...planFor(tree, changed, options, census),
    listedPages: census?.pages ?? 0,
    ...(census?.failure !== undefined && { censusFailure: census.failure }),
  };
}

import type { Logger } from '@aws-lambda-powertools/logger';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { ServedChange } from './batch';
import type { Clock } from './clock';
import type { Configuration } from './configuration';
import type { Memory } from './memory';
import type { PublishMetrics } from './metrics';
import type { PlanOptions } from './plan';
import type { KnowingPlan } from './planner';
import type { Strain } from './strain';

/** What a handler works with. */
export interface Means {
  readonly configuration: Configuration;
  readonly cloudFront: CloudFrontClient;
  readonly logger: Logger;
  readonly publishMetrics: PublishMetrics;
  readonly memory: Memory;
  readonly strain: Strain;
  /** Chooses the paths that cover every path of the changes, after asking the bucket for so many ms at most; 0: not at all. */
  readonly plan: (
    distribution: string,
    changes: readonly ServedChange[],
    options: PlanOptions,
    censusMs: number,
  ) => Promise<KnowingPlan>;
  readonly clock: Clock;
}

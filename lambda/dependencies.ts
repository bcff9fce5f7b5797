import type { Logger } from '@aws-lambda-powertools/logger';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { Configuration } from './configuration';
import type { Clock } from './dispatch/clock';
import type { RecentInvalidations } from './dispatch/recent-invalidations';
import type { Strain } from './dispatch/strain';
import type { ServedChange } from './event/batch';
import type { PlanOptions } from './plan/cheapest-plan';
import type { InformedPlan } from './plan/plan';
import type { PublishMetrics } from './telemetry/metrics';

/** What a handler works with. */
export interface Dependencies {
  readonly configuration: Configuration;
  readonly cloudFront: CloudFrontClient;
  readonly logger: Logger;
  readonly publishMetrics: PublishMetrics;
  readonly memory: RecentInvalidations;
  readonly strain: Strain;
  /** Chooses the paths that cover every path of the changes, after asking the bucket for so many ms at most; 0: not at all. */
  readonly plan: (
    distribution: string,
    changes: readonly ServedChange[],
    options: PlanOptions,
    censusMs: number,
  ) => Promise<InformedPlan>;
  readonly clock: Clock;
}

import type { Logger } from '@aws-lambda-powertools/logger';
import type { Configuration } from './configuration';
import type { DistributionReader } from './dispatch/distribution-reader';
import type { Dispatch } from './dispatch/invalidate-distribution';
import type { PublishMetrics } from './telemetry/metrics';

/** What a handler works with. */
export interface Dependencies extends Dispatch {
  readonly configuration: Configuration;
  /** @default - no distribution is read: the options say all there is */
  readonly reader?: DistributionReader | undefined;
  readonly logger: Logger;
  readonly publishMetrics: PublishMetrics;
}

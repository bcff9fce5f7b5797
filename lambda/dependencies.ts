import type { Logger } from '@aws-lambda-powertools/logger';
import type { Follower } from './completion/follow';
import type { Configuration } from './configuration';
import type { DistributionReader } from './dispatch/distribution-reader';
import type { Dispatch } from './dispatch/invalidate-distribution';
import type { PublishMetrics } from './telemetry/metrics';

/** What a handler works with. */
export interface Dependencies extends Dispatch {
  readonly configuration: Configuration;
  /** @default - no distribution is read: the options say all there is */
  readonly reader?: DistributionReader | undefined;
  /** @default - nobody is told what is accepted and completed */
  readonly follower?: Follower | undefined;
  readonly logger: Logger;
  readonly publishMetrics: PublishMetrics;
}

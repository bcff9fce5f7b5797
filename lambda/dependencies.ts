import type { Logger } from '@aws-lambda-powertools/logger';
import type { Configuration } from './configuration';
import type { Dispatch } from './dispatch/invalidate-distribution';
import type { PublishMetrics } from './telemetry/metrics';

/** What a handler works with. */
export interface Dependencies extends Dispatch {
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly publishMetrics: PublishMetrics;
}

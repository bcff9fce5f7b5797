import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSRecord } from 'aws-lambda';
import type { ApiError } from '../cloudfront/api-error';
import type { Accepted, InvalidationRequest, Outcome } from '../cloudfront/create-invalidation';
import type { Batch, ServedChange } from '../event/batch';
import type { InformedPlan } from '../plan/plan';
import {
  logAccepted,
  logApiError,
  logCovered,
  logDryRun,
  logIgnored,
  logMessageFailure,
  logPlan,
  type MessageFailure,
} from './log-events';
import { startCounting } from './metric-counts';
import type { PublishMetrics } from './metrics';

export type Telemetry = ReturnType<typeof startTelemetry>;

/**
 * Tells of one invocation as it happens: to who reads the log, and to who watches the metrics.
 *
 * @param dryRun whether what is accepted only would have been: the metrics count it all the same, as a forecast
 */
export function startTelemetry(logger: Logger, publishMetrics: PublishMetrics, dryRun: boolean) {
  const tally = startCounting();
  let messageCount = 0;
  let ignoredCount = 0;
  let failedCount = 0;
  return {
    received(records: readonly SQSRecord[], batch: Batch): void {
      messageCount = records.length;
      ignoredCount = batch.ignored.length;
      tally.received(records.length, batch);
      for (const { record, why } of batch.ignored) logIgnored(logger, record, why);
    },

    covered(distribution: string, covered: ReadonlyMap<string, readonly ServedChange[]>): void {
      tally.covered(covered);
      for (const [id, changes] of covered) logCovered(logger, distribution, id, changes);
    },

    planned(distribution: string, plan: InformedPlan): void {
      tally.planned(distribution, plan);
      logPlan(logger, distribution, plan);
    },

    accepted(request: InvalidationRequest, outcome: Accepted, changes: readonly ServedChange[], now: number): void {
      tally.accepted(request, changes, now);
      const log = dryRun ? logDryRun : logAccepted;
      log(logger, request, outcome, changes, now);
    },

    refused(request: InvalidationRequest, outcome: Outcome & ApiError): void {
      tally.refused(outcome);
      logApiError(logger, request, outcome);
    },

    waiting(distribution: string, ms: number, why: string): void {
      logger.info('Waiting', { distribution, ms, why });
    },

    failed(distribution: string, error: unknown): void {
      logger.error('Distribution failed', { distribution, error: error instanceof Error ? error : String(error) });
    },

    returned(record: SQSRecord, why: MessageFailure): void {
      failedCount++;
      tally.returned(why);
      logMessageFailure(logger, record, why);
    },

    handled(): void {
      logger.info('Batch handled', { messageCount, ignoredCount, failedCount });
      publishMetrics(tally.counted());
    },
  };
}

import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSRecord } from 'aws-lambda';
import type { Inventory } from '../bucket/inventory';
import type { ApiError } from '../cloudfront/api-error';
import type { Accepted, InvalidationRequest, Outcome } from '../cloudfront/create-invalidation';
import type { Batch, ServedChange } from '../event/batch';
import type { Plan } from '../plan/plan';
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
 * Reports one invocation as it happens, to the log and to the metrics.
 *
 * @param dryRun whether what is accepted only would have been: the metrics count it all the same, as a forecast
 */
export function startTelemetry(logger: Logger, publishMetrics: PublishMetrics, dryRun: boolean) {
  const counts = startCounting();
  let messageCount = 0;
  let ignoredCount = 0;
  let failedCount = 0;
  return {
    received(records: readonly SQSRecord[], batch: Batch): void {
      messageCount = records.length;
      ignoredCount = batch.ignored.length;
      counts.received(records.length, batch);
      for (const { record, why } of batch.ignored) logIgnored(logger, record, why);
    },

    covered(distribution: string, covered: ReadonlyMap<string, readonly ServedChange[]>): void {
      counts.covered(covered);
      for (const [id, changes] of covered) logCovered(logger, distribution, id, changes);
    },

    listed(inventory: Inventory): void {
      counts.listed(inventory);
    },

    planned(distribution: string, plan: Plan, inventory: Inventory): void {
      counts.planned(distribution, plan);
      logPlan(logger, distribution, plan, inventory);
    },

    accepted(request: InvalidationRequest, outcome: Accepted, changes: readonly ServedChange[], now: number): void {
      counts.accepted(request, changes, now);
      const log = dryRun ? logDryRun : logAccepted;
      log(logger, request, outcome, changes, now);
    },

    apiError(request: InvalidationRequest, outcome: Outcome & ApiError): void {
      counts.apiError(outcome);
      logApiError(logger, request, outcome);
    },

    waiting(distribution: string, ms: number, why: string): void {
      logger.info('Waiting', { distribution, ms, why });
    },

    /** `maxPathsPerDay` is used up: a single wildcard covers the batch. */
    budgetExhausted(distribution: string, maxPathsPerDay: number): void {
      counts.happened('budgetExhausted');
      logger.warn('Budget exhausted', { distribution, maxPathsPerDay });
    },

    ledgerUnavailable(distribution: string, error: unknown): void {
      counts.happened('ledgerUnavailable');
      const { name, message } = error instanceof Error ? error : { name: 'unknown', message: String(error) };
      logger.warn('Ledger unavailable', { distribution, error: name, why: message });
    },

    crashed(distribution: string, error: unknown): void {
      logger.error('Distribution failed', { distribution, error: error instanceof Error ? error : String(error) });
    },

    failed(record: SQSRecord, failure: MessageFailure): void {
      failedCount++;
      counts.failed(failure);
      logMessageFailure(logger, record, failure);
    },

    handled(): void {
      logger.info('Batch handled', { messageCount, ignoredCount, failedCount });
      publishMetrics(counts.counted());
    },
  };
}

import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSRecord } from 'aws-lambda';
import type { Refusal } from '../cloudfront/api-error';
import type { Accepted, InvalidationRequest, Outcome } from '../cloudfront/create-invalidation';
import type { Batch, ServedChange } from '../event/batch';
import type { KnowingPlan } from '../plan/plan';
import {
  logAccepted,
  logCovered,
  logDryRun,
  logIgnored,
  logPlan,
  logRefused,
  logReturned,
  type Return,
} from './log-events';
import { startTally } from './metric-counts';
import type { PublishMetrics } from './metrics';

export type Report = ReturnType<typeof startReport>;

/**
 * Tells of one invocation as it happens: to who reads the log, and to who watches the metrics.
 *
 * @param dryRun whether what is accepted only would have been: the metrics count it all the same, as a forecast
 */
export function startReport(logger: Logger, publishMetrics: PublishMetrics, dryRun: boolean) {
  const tally = startTally();
  let messageCount = 0;
  let ignoredCount = 0;
  let returnedCount = 0;
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

    planned(distribution: string, plan: KnowingPlan): void {
      tally.planned(distribution, plan);
      logPlan(logger, distribution, plan);
    },

    accepted(request: InvalidationRequest, outcome: Accepted, changes: readonly ServedChange[], now: number): void {
      tally.accepted(request, changes, now);
      const log = dryRun ? logDryRun : logAccepted;
      log(logger, request, outcome, changes, now);
    },

    refused(request: InvalidationRequest, outcome: Outcome & Refusal): void {
      tally.refused(outcome);
      logRefused(logger, request, outcome);
    },

    waiting(distribution: string, ms: number, why: string): void {
      logger.info('Waiting', { distribution, ms, why });
    },

    failed(distribution: string, error: unknown): void {
      logger.error('Distribution failed', { distribution, error: error instanceof Error ? error : String(error) });
    },

    returned(record: SQSRecord, why: Return): void {
      returnedCount++;
      tally.returned(why);
      logReturned(logger, record, why);
    },

    handled(): void {
      logger.info('Batch handled', { messageCount, ignoredCount, returnedCount });
      publishMetrics(tally.counted());
    },
  };
}

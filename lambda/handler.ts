import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { toApiError } from './cloudfront/api-error';
import type { Dependencies } from './dependencies';
import { partition } from './dispatch/already-covered';
import { timeLeft } from './dispatch/clock';
import { invalidate, type Refusals } from './dispatch/invalidate';
import { invalidating } from './dispatch/invalidate-distribution';
import { readBatch, type ServedChange } from './event/batch';
import type { MessageFailure } from './telemetry/log-events';
import { startTelemetry } from './telemetry/telemetry';

/** Kept of the function's time for reporting, in ms: what CloudFront has not answered by then comes back. */
const TIME_TO_REPORT = 2000;

/**
 * One batch of messages in, the messages that must come back out, and no others: a malformed message, a path that
 * CloudFront refuses, a distribution out of order hold back only what concerns them.
 *
 * @throws Error when the event is not a batch of SQS messages
 */
export function makeHandler(means: Dependencies) {
  const { configuration, logger, publishMetrics, memory, clock } = means;
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    logger.addContext(context);
    const records = recordsOf(event);
    const report = startTelemetry(logger, publishMetrics, configuration.dryRun === true);
    const time = timeLeft(clock, context.getRemainingTimeInMillis() - TIME_TO_REPORT);
    const batch = readBatch(records, configuration);
    report.received(records, batch);
    const returns = new Map<string, MessageFailure>();
    for (const { record, why } of batch.malformed) returns.set(record.messageId, { cause: 'malformed', why });
    await Promise.all(
      Array.from(batch.changes, async ([distribution, changes]) => {
        const { open, covered } = partition(memory, distribution, changes);
        report.covered(distribution, covered);
        const refusals = await refusalsOf(distribution, open);
        const messageIds = new Set(changes.map(({ messageId }) => messageId));
        memory.settle(
          distribution,
          [...messageIds].filter((id) => !refusals.has(id)),
        );
        const changesOf = Map.groupBy(open, ({ messageId }) => messageId);
        for (const [messageId, { kind, name, message }] of refusals) {
          const keys = changesOf.get(messageId)?.map(({ key }) => key) ?? [];
          returns.set(messageId, { cause: kind, why: `${name}: ${message}`, distribution, keys });
        }
      }),
    );

    /** Plans and invalidates. What goes wrong in one distribution, however unforeseen, is no other's matter. */
    async function refusalsOf(distribution: string, open: readonly ServedChange[]): Promise<Refusals> {
      if (open.length === 0) return new Map();
      try {
        return await invalidate(invalidating(distribution, means, report, time), distribution, open);
      } catch (error) {
        const refusal = toApiError(error);
        report.failed(distribution, error);
        return new Map(open.map(({ messageId }) => [messageId, refusal]));
      }
    }

    for (const record of records) {
      const why = returns.get(record.messageId);
      if (why) report.returned(record, why);
    }
    report.handled();
    return { batchItemFailures: Array.from(returns.keys(), (itemIdentifier) => ({ itemIdentifier })) };
  };
}

function recordsOf(event: Partial<SQSEvent> | null | undefined): SQSRecord[] {
  if (Array.isArray(event?.Records) && event.Records.every((record) => typeof record?.messageId === 'string')) {
    return event.Records;
  }
  throw new Error(`The event must be a batch of SQS messages, but it is ${JSON.stringify(event)?.slice(0, 200)}`);
}

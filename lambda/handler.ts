import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { toApiError } from './cloudfront/api-error';
import type { Dependencies } from './dependencies';
import { timeLeft } from './dispatch/clock';
import { type Failures, type Invocation, invalidateDistribution } from './dispatch/invalidate-distribution';
import { readBatch, type ServedChange } from './event/batch';
import type { MessageFailure } from './telemetry/log-events';
import { startTelemetry } from './telemetry/telemetry';

/** Kept of the function's time for reporting, in ms: what CloudFront has not answered by then is retried. */
const TIME_TO_REPORT = 2000;

/**
 * One batch of messages in, the messages that failed out, and no others: a malformed message, a path that CloudFront rejects, a
 * broken distribution hold back only what concerns them.
 *
 * @throws Error when the event is not a batch of SQS messages
 */
export function makeHandler(dependencies: Dependencies) {
  const { configuration, logger, publishMetrics, clock } = dependencies;
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    logger.addContext(context);
    const records = recordsOf(event);
    const telemetry = startTelemetry(logger, publishMetrics, configuration.dryRun === true);
    const time = timeLeft(clock, context.getRemainingTimeInMillis() - TIME_TO_REPORT);
    const invocation = { requestId: context.awsRequestId, time, telemetry };
    const batch = readBatch(records, configuration);
    telemetry.received(records, batch);
    const failed = new Map<string, MessageFailure>();
    for (const { record, why } of batch.malformed) failed.set(record.messageId, { cause: 'malformed', why });
    await Promise.all(
      Array.from(batch.changes, async ([distribution, changes]) => {
        const failures = await failuresOf(distribution, changes, dependencies, invocation);
        const changesOf = Map.groupBy(changes, ({ messageId }) => messageId);
        for (const [messageId, { kind, name, message }] of failures) {
          const keys = changesOf.get(messageId)?.map(({ key }) => key) ?? [];
          failed.set(messageId, { cause: kind, why: `${name}: ${message}`, distribution, keys });
        }
      }),
    );
    for (const record of records) {
      const why = failed.get(record.messageId);
      if (why) telemetry.failed(record, why);
    }
    telemetry.handled();
    return { batchItemFailures: Array.from(failed.keys(), (itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** What goes wrong in one distribution, however unforeseen, is no other's matter. */
async function failuresOf(
  distribution: string,
  changes: readonly ServedChange[],
  dependencies: Dependencies,
  invocation: Invocation,
): Promise<Failures> {
  try {
    return await invalidateDistribution(distribution, changes, dependencies, invocation);
  } catch (error) {
    invocation.telemetry.crashed(distribution, error);
    return new Map(changes.map(({ messageId }) => [messageId, toApiError(error)]));
  }
}

function recordsOf(event: Partial<SQSEvent> | null | undefined): SQSRecord[] {
  if (Array.isArray(event?.Records) && event.Records.every((record) => typeof record?.messageId === 'string')) {
    return event.Records;
  }
  throw new Error(`The event must be a batch of SQS messages, but it is ${JSON.stringify(event)?.slice(0, 200)}`);
}

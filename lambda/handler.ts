import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type ApiError, tenantOnly, toApiError } from './cloudfront/api-error';
import type { Dependencies } from './dependencies';
import { timeLeft } from './dispatch/clock';
import { type Failures, type Invocation, invalidateDistribution } from './dispatch/invalidate-distribution';
import { readyToServe } from './dispatch/ready-to-serve';
import { type ReceivedChange, readBatch } from './event/batch';
import { type ServedChanges, servedChanges, whyNotServed } from './event/served-changes';
import type { ConfiguredOrigins } from './paths/configured-origin';
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
    const { changes, malformed, ignored } = readBatch(records);
    telemetry.received(records);
    const failed = new Map<string, MessageFailure>();
    for (const { record, why } of malformed) failed.set(record.messageId, { cause: 'malformed', why });
    for (const { messageId, why } of ignored) telemetry.ignored(messageId, why);
    const served = new Set<ReceivedChange>();
    const reasons = new Map(changes.map((change) => [change, whyNotServed(change, [])]));
    await Promise.all(
      Array.from(distributionsOf(configuration, changes), async ([distribution, received]) => {
        const { failures, notServed } = await dispatch(distribution, received, dependencies, invocation);
        for (const change of received) {
          const why = notServed.get(change);
          if (why === undefined) served.add(change);
          else reasons.set(change, why);
        }
        const changesOf = Map.groupBy(received, ({ messageId }) => messageId);
        for (const [messageId, { kind, name, message }] of failures) {
          const keys = changesOf.get(messageId)?.map(({ key }) => key) ?? [];
          failed.set(messageId, { cause: kind, why: `${name}: ${message}`, distribution, keys });
        }
      }),
    );
    for (const [change, why] of reasons) if (!served.has(change)) telemetry.ignored(change.messageId, why);
    for (const record of records) {
      const why = failed.get(record.messageId);
      if (why) telemetry.failed(record, why);
    }
    telemetry.handled();
    return { batchItemFailures: Array.from(failed.keys(), (itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** The changes in the buckets of each distribution. */
function distributionsOf({ origins }: ConfiguredOrigins, changes: readonly ReceivedChange[]) {
  const byBucket = Map.groupBy(changes, ({ bucket }) => bucket);
  const byDistribution = Map.groupBy(origins, ({ distribution }) => distribution);
  const received = Array.from(byDistribution, ([distribution, own]) => {
    const buckets = new Set(own.map(({ bucket }) => bucket));
    return [distribution, Array.from(buckets, (bucket) => byBucket.get(bucket) ?? []).flat()] as const;
  });
  return received.filter(([, all]) => all.length > 0);
}

/** What goes wrong in one distribution, however unforeseen, is no other's matter. */
async function dispatch(
  distribution: string,
  received: readonly ReceivedChange[],
  dependencies: Dependencies,
  invocation: Invocation,
): Promise<{ readonly failures: Failures; readonly notServed: ServedChanges['notServed'] }> {
  const { telemetry } = invocation;
  try {
    const { served, read, list } = await readyToServe(distribution, dependencies, invocation);
    // Its origin paths may depend on the tenant, so which of its objects are served nobody can tell.
    if (read?.isTenantOnly) return { failures: forAll(received, tenantOnly(distribution)), notServed: new Map() };
    const { changes, notServed } = servedChanges(received, served.origins);
    telemetry.served(changes);
    if (changes.length === 0) return { failures: new Map(), notServed };
    const dispatching = { ...dependencies, listObjects: list };
    const failures = await invalidateDistribution(distribution, served, changes, dispatching, invocation);
    return { failures, notServed };
  } catch (error) {
    telemetry.crashed(distribution, error);
    return { failures: forAll(received, toApiError(error)), notServed: new Map() };
  }
}

function forAll(changes: readonly ReceivedChange[], error: ApiError): Failures {
  return new Map(changes.map(({ messageId }) => [messageId, error]));
}

function recordsOf(event: Partial<SQSEvent> | null | undefined): SQSRecord[] {
  if (Array.isArray(event?.Records) && event.Records.every((record) => typeof record?.messageId === 'string')) {
    return event.Records;
  }
  throw new Error(`The event must be a batch of SQS messages, but it is ${JSON.stringify(event)?.slice(0, 200)}`);
}

import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type ApiError, toApiError } from './cloudfront/api-error';
import { acceptedInvalidation } from './completion/invalidation-event';
import type { Configuration } from './configuration';
import { isSameTarget, type Target, targetsOf } from './contract/target';
import type { Dependencies } from './dependencies';
import { timeLeft } from './dispatch/clock';
import {
  type Failures,
  type Invocation,
  invalidateDistribution,
  type OnAccepted,
} from './dispatch/invalidate-distribution';
import { readyToServe } from './dispatch/ready-to-serve';
import { type ReceivedChange, type ReceivedRequest, readBatch } from './event/batch';
import { targetFault } from './event/request-target';
import { requestedChanges, type ServedChanges, servedChanges, whyNotServed } from './event/served-changes';
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
  const { configuration, follower, logger, publishMetrics, clock } = dependencies;
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    logger.addContext(context);
    const records = recordsOf(event);
    const telemetry = startTelemetry(logger, publishMetrics, configuration.dryRun === true);
    const time = timeLeft(clock, context.getRemainingTimeInMillis() - TIME_TO_REPORT);
    const announcements: Promise<void>[] = [];
    const onAccepted: OnAccepted | undefined =
      follower && ((...all) => announcements.push(follower.announce(acceptedInvalidation(...all), telemetry)));
    const invocation = { requestId: context.awsRequestId, time, telemetry, onAccepted };
    const { changes, requests, completions, malformed, ignored } = readBatch(records);
    // What the function sends itself is no arrival.
    telemetry.received(records.length - completions.length);
    const checked = follower?.check(completions, time, telemetry);
    const failed = new Map<string, MessageFailure>();
    for (const { record, why } of malformed) failed.set(record.messageId, { cause: 'malformed', why });
    const unfollowed = follower
      ? []
      : completions.map(({ messageId }) => ({ messageId, why: 'there is no event bus' }));
    for (const { messageId, why } of [...ignored, ...unfollowed]) telemetry.ignored(messageId, why);
    const refused = refusedRequests(configuration, requests);
    for (const [{ messageId }, why] of refused) failed.set(messageId, { cause: 'malformed', why });
    const taken = requests.filter((request) => !refused.has(request));
    const served = new Set<ReceivedChange>();
    const reasons = new Map(changes.map((change) => [change, whyNotServed(change, [])]));
    await Promise.all(
      Array.from(byTarget(configuration, changes, taken), async ([target, received, requested]) => {
        const { failures, notServed, rejected } = await dispatch(target, received, requested, dependencies, invocation);
        for (const change of received) {
          const why = notServed.get(change);
          if (why === undefined) served.add(change);
          else reasons.set(change, why);
        }
        for (const [{ messageId, key }, why] of rejected) {
          failed.set(messageId, { cause: 'invalid', why, ...target, keys: [key] });
        }
        const changesOf = Map.groupBy(received, ({ messageId }) => messageId);
        for (const [messageId, { kind, name, message }] of failures) {
          const keys = changesOf.get(messageId)?.map(({ key }) => key);
          failed.set(messageId, { cause: kind, why: `${name}: ${message}`, ...target, ...(keys && { keys }) });
        }
      }),
    );
    for (const [change, why] of reasons) if (!served.has(change)) telemetry.ignored(change.messageId, why);
    for (const record of records) {
      const why = failed.get(record.messageId);
      if (why) telemetry.failed(record, why);
    }
    const toReceiveAgain = [...failed.keys(), ...((await checked) ?? [])];
    await Promise.all(announcements);
    telemetry.handled();
    return { batchItemFailures: toReceiveAgain.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** Requests that nothing can be done about, and why. */
function refusedRequests(
  { origins, takesRequests }: Configuration,
  requests: readonly ReceivedRequest[],
): ReadonlyMap<ReceivedRequest, string> {
  const known = targetsOf(origins);
  const whyNot = (request: ReceivedRequest) =>
    takesRequests ? targetFault(request, known) : 'requests to invalidate are not taken: the option "requests" is off';
  return new Map(
    requests.flatMap((request) => {
      const why = whyNot(request);
      return why === undefined ? [] : [[request, why] as const];
    }),
  );
}

/** The changes in the buckets of each distribution or tenant, and what is requested of it. */
function byTarget(
  { origins }: ConfiguredOrigins,
  changes: readonly ReceivedChange[],
  requests: readonly ReceivedRequest[],
) {
  const byBucket = Map.groupBy(changes, ({ bucket }) => bucket);
  const received = targetsOf(origins).map((target) => {
    const own = origins.filter((origin) => isSameTarget(origin, target));
    const buckets = new Set(own.map(({ bucket }) => bucket));
    const received = Array.from(buckets, (bucket) => byBucket.get(bucket) ?? []).flat();
    return [target, received, requests.filter((each) => isSameTarget(each, target))] as const;
  });
  return received.filter(([, all, requested]) => all.length + requested.length > 0);
}

/** What goes wrong in one distribution or tenant, however unforeseen, is no other's matter. */
async function dispatch(
  target: Target,
  received: readonly ReceivedChange[],
  requested: readonly ReceivedRequest[],
  dependencies: Dependencies,
  invocation: Invocation,
): Promise<{ readonly failures: Failures } & Pick<ServedChanges, 'notServed' | 'rejected'>> {
  const { telemetry } = invocation;
  const none = { failures: new Map(), notServed: new Map(), rejected: new Map() };
  const messages = [...received, ...requested];
  try {
    const { served, misconfigured, list } = await readyToServe(target, dependencies, invocation);
    if (misconfigured) return { ...none, failures: forAll(messages, misconfigured) };
    const { changes: changed, notServed, rejected } = servedChanges(received, served.origins);
    telemetry.served(changed);
    const changes = [...changed, ...requestedChanges(requested)];
    if (changes.length === 0) return { ...none, notServed };
    const dispatching = { ...dependencies, listObjects: list };
    const failures = await invalidateDistribution(target, served, changes, dispatching, invocation);
    return { failures, notServed, rejected };
  } catch (error) {
    telemetry.crashed(target, error);
    return { ...none, failures: forAll(messages, toApiError(error)) };
  }
}

function forAll(changes: readonly Pick<ReceivedChange, 'messageId'>[], error: ApiError): Failures {
  return new Map(changes.map(({ messageId }) => [messageId, error]));
}

function recordsOf(event: Partial<SQSEvent> | null | undefined): SQSRecord[] {
  if (Array.isArray(event?.Records) && event.Records.every((record) => typeof record?.messageId === 'string')) {
    return event.Records;
  }
  throw new Error(`The event must be a batch of SQS messages, but it is ${JSON.stringify(event)?.slice(0, 200)}`);
}

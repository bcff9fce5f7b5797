import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSRecord } from 'aws-lambda';
import { receiveCountOf, type ServedChange } from './batch';
import type { Accepted, InvalidationRequest, Outcome } from './create-invalidation';
import type { KnowingPlan } from './planner';
import type { Refusal } from './refusal';

/** Why a message comes back: what CloudFront refused, or that the message itself is malformed. */
export interface Return {
  readonly cause: Refusal['kind'] | 'malformed';
  readonly why: string;
  /** The distribution that refused. */
  readonly distribution?: string;
  /** What the message told of. */
  readonly keys?: readonly string[];
}

/**
 * Most paths, and most keys, in one line. Logs Insights sees the first 200 fields of a line, and each element of a list is one:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
 */
const LONGEST_LIST = 50;

/** Most characters of a body that nobody understands. */
const LONGEST_EXCERPT = 1000;

/** Causes that no retry mends: somebody must look. */
const FAULTS: readonly Return['cause'][] = ['malformed', 'invalid', 'configuration', 'unexpected', 'conflict'];

/** What a distribution is to be asked for, and what that costs; a census that failed is a warning. */
export function logPlan(logger: Logger, distribution: string, plan: KnowingPlan): void {
  const { paths, wildcards, discarded, price, listedPages, censusFailure } = plan;
  logger[censusFailure === undefined ? 'info' : 'warn']('Planned', {
    distribution,
    pathCount: paths.length,
    wildcardCount: wildcards,
    discardedObjects: discarded,
    price,
    listedPages,
    censusFailure,
  });
}

/**
 * An invalidation that CloudFront accepted. Its keys go into as many lines as they need, all with its id, so that the
 * log tells of every object which invalidation covered it.
 */
export function logAccepted(
  logger: Logger,
  { distribution, paths, messageIds }: InvalidationRequest,
  { invalidationId, callerReference, status, createTime }: Accepted,
  changes: readonly ServedChange[],
  now: number,
): void {
  const keys = [...new Set(changes.map((change) => change.key))].sort();
  logger.info('Invalidation accepted', {
    distribution,
    invalidationId,
    callerReference,
    status,
    createTime: new Date(createTime).toISOString(),
    paths: paths.slice(0, LONGEST_LIST),
    pathCount: paths.length,
    messageCount: messageIds.length,
    keys: keys.slice(0, LONGEST_LIST),
    keyCount: keys.length,
    oldestChangeSeconds: ageInSeconds(changes, now),
  });
  for (let from = LONGEST_LIST; from < keys.length; from += LONGEST_LIST) {
    logger.info('Invalidation accepted, further keys', {
      distribution,
      invalidationId,
      keys: keys.slice(from, from + LONGEST_LIST),
    });
  }
}

/** Changes that an earlier invalidation covers: acknowledged without one of their own. */
export function logCovered(
  logger: Logger,
  distribution: string,
  invalidationId: string,
  changes: readonly ServedChange[],
): void {
  const keys = [...new Set(changes.map((change) => change.key))].sort();
  for (let from = 0; from < keys.length; from += LONGEST_LIST) {
    logger.info('Covered already', {
      distribution,
      invalidationId,
      keys: keys.slice(from, from + LONGEST_LIST),
      keyCount: keys.length,
    });
  }
}

/** A call of CreateInvalidation that was not accepted. */
export function logRefused(
  logger: Logger,
  { distribution, paths, messageIds }: InvalidationRequest,
  { kind, name, message, callerReference }: Outcome & Refusal,
): void {
  logger.warn('Invalidation refused', {
    distribution,
    cause: kind,
    error: name,
    why: message,
    callerReference,
    paths: paths.slice(0, LONGEST_LIST),
    pathCount: paths.length,
    messageCount: messageIds.length,
  });
}

/** A message that goes back to the queue, and after enough receives to the dead-letter queue. */
export function logReturned(logger: Logger, record: SQSRecord, { cause, why, distribution, keys }: Return): void {
  logger[FAULTS.includes(cause) ? 'error' : 'warn']('Message returned', {
    messageId: record.messageId,
    receiveCount: receiveCountOf(record),
    cause,
    why,
    distribution,
    ...(keys ? { keys: keys.slice(0, LONGEST_LIST) } : { body: String(record.body).slice(0, LONGEST_EXCERPT) }),
  });
}

/** A message that asks for nothing: acknowledged. */
export function logIgnored(logger: Logger, { messageId }: SQSRecord, why: string): void {
  logger.debug('Message ignored', { messageId, why });
}

function ageInSeconds(changes: readonly ServedChange[], now: number): number {
  const oldest = changes.reduce((least, { time }) => Math.min(least, time), now);
  return Math.round((now - oldest) / 1000);
}

import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSRecord } from 'aws-lambda';
import type { Inventory } from '../bucket/inventory';
import type { ApiError } from '../cloudfront/api-error';
import type { Accepted, InvalidationRequest, Outcome } from '../cloudfront/create-invalidation';
import { dollars } from '../contract/pricing';
import type { Target } from '../contract/target';
import { receiveCountOf, type ServedChange, stalenessOf } from '../event/batch';
import { isWildcard } from '../paths/viewer-path';
import type { Plan } from '../plan/plan';

/** Why a message is retried: CloudFront did not accept what it needs, or the message itself is malformed. */
export interface MessageFailure {
  readonly cause: ApiError['kind'] | 'malformed';
  readonly why: string;
  /** The distribution that did not accept it. */
  readonly distribution?: string;
  /** The tenant of the distribution that did not. */
  readonly tenant?: string | undefined;
  /** What the message told of. */
  readonly keys?: readonly string[];
}

/**
 * Most paths, and most keys, in one line. Logs Insights sees the first 200 fields of a line, and each element of a list is one:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
 */
const LONGEST_LIST = 50;

/** Most bytes of a list. CloudWatch takes lines of 1 MB; that Lambda hands on more than the former 256 KB is stated nowhere. */
const LARGEST_LIST = 120_000;

/** Most characters of a body that nobody understands. */
const LONGEST_EXCERPT = 1000;

/** Causes that no retry can fix: somebody must look. */
const FAULTS: readonly MessageFailure['cause'][] = ['malformed', 'invalid', 'configuration', 'unexpected', 'conflict'];

/** What is to be invalidated, and what that costs; a listing that failed is a warning. */
export function logPlan(logger: Logger, { distribution, tenant }: Target, plan: Plan, inventory: Inventory): void {
  const { paths, wildcards, evicted, price } = plan;
  const { listedPages, failure } = inventory;
  logger[failure === undefined ? 'info' : 'warn']('Planned', {
    distribution,
    tenant,
    pathCount: paths.length,
    wildcardCount: wildcards,
    evictedObjects: evicted,
    price,
    listedPages,
    listingFailure: failure,
  });
}

/**
 * An invalidation that CloudFront accepted. Its keys go into as many lines as they need, all with its id, so that the
 * log tells of every object which invalidation covered it.
 */
export function logAccepted(
  logger: Logger,
  request: InvalidationRequest,
  accepted: Accepted,
  changes: readonly ServedChange[],
  now: number,
): void {
  const { invalidationId, callerReference, status, createTime } = accepted;
  const time = new Date(createTime).toISOString();
  const details = { invalidationId, callerReference, status, createTime: time };
  const { distribution, tenant } = request;
  logger.info('Invalidation accepted', invalidationFields(request, details, changes, now));
  for (const keys of linesOf(keysOf(changes)).slice(1)) {
    logger.info('Invalidation accepted, further keys', { distribution, tenant, invalidationId, keys });
  }
}

/** An invalidation that a dry run left out: every path of it, what it would cost, and for what. */
export function logDryRun(
  logger: Logger,
  { distribution, tenant, messageIds, ...request }: InvalidationRequest,
  { invalidationId }: Accepted,
  changes: readonly ServedChange[],
  now: number,
): void {
  const paths = [...request.paths].sort();
  const details = { invalidationId, wildcardCount: paths.filter(isWildcard).length, dollars: dollars(paths.length) };
  logger.info('Dry run', invalidationFields({ distribution, tenant, paths, messageIds }, details, changes, now));
  for (const further of linesOf(paths).slice(1)) {
    logger.info('Dry run, further paths', { distribution, tenant, invalidationId, paths: further });
  }
}

function invalidationFields<T extends object>(
  { distribution, tenant, paths, messageIds }: InvalidationRequest,
  details: T,
  changes: readonly ServedChange[],
  now: number,
) {
  const keys = keysOf(changes);
  return {
    distribution,
    tenant,
    ...details,
    paths: linesOf(paths)[0],
    pathCount: paths.length,
    messageCount: messageIds.length,
    keys: linesOf(keys)[0],
    keyCount: keys.length,
    oldestChangeSeconds: Math.round(stalenessOf(changes, now)),
  };
}

/** Changes that an earlier invalidation covers: acknowledged without one of their own. */
export function logCovered(
  logger: Logger,
  { distribution, tenant }: Target,
  invalidationId: string,
  changes: readonly ServedChange[],
): void {
  const keys = keysOf(changes);
  for (const listed of linesOf(keys)) {
    logger.info('Already covered', { distribution, tenant, invalidationId, keys: listed, keyCount: keys.length });
  }
}

/** A call of CreateInvalidation, or of CreateInvalidationForDistributionTenant, that was not accepted. */
export function logApiError(
  logger: Logger,
  { distribution, tenant, paths, messageIds }: InvalidationRequest,
  { kind, name, message, callerReference }: Outcome & ApiError,
): void {
  logger.warn('CreateInvalidation failed', {
    distribution,
    tenant,
    cause: kind,
    error: name,
    why: message,
    callerReference,
    paths: linesOf(paths)[0],
    pathCount: paths.length,
    messageCount: messageIds.length,
  });
}

/** A message that goes back to the queue, and after enough receives to the dead-letter queue. */
export function logMessageFailure(
  logger: Logger,
  record: SQSRecord,
  { cause, why, distribution, tenant, keys }: MessageFailure,
): void {
  logger[FAULTS.includes(cause) ? 'error' : 'warn']('Message failed', {
    messageId: record.messageId,
    receiveCount: receiveCountOf(record),
    cause,
    why,
    distribution,
    tenant,
    ...(keys ? { keys: linesOf(keys)[0] } : { body: String(record.body).slice(0, LONGEST_EXCERPT) }),
  });
}

function keysOf(changes: readonly ServedChange[]): string[] {
  return [...new Set(changes.map(({ key }) => key))].sort();
}

/** A list in pieces that a line can hold. */
function linesOf(list: readonly string[]): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let size = 0;
  for (const each of list) {
    const added = mostBytesOf(each);
    if (line.length > 0 && (line.length === LONGEST_LIST || size + added > LARGEST_LIST)) {
      lines.push(line);
      line = [];
      size = 0;
    }
    line.push(each);
    size += added;
  }
  return [...lines, line];
}

/** In a line, where these characters may be escaped. */
function mostBytesOf(text: string): number {
  return Buffer.byteLength(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"\\]/gu, ({ length }) => '\\u0000'.repeat(length)));
}

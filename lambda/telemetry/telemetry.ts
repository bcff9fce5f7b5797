import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSRecord } from 'aws-lambda';
import type { Inventory } from '../bucket/inventory';
import type { ApiError, ApiErrorKind } from '../cloudfront/api-error';
import type { Accepted, InvalidationRequest, Outcome } from '../cloudfront/create-invalidation';
import { API_ERRORS, AS_IT_HAPPENS, EVERY_BATCH } from '../contract/metric-names';
import { type Target, targetId } from '../contract/target';
import { type ServedChange, stalenessOf } from '../event/batch';
import type { AcceptedInvalidation } from '../event/completion';
import { isWildcard } from '../paths/viewer-path';
import type { Plan } from '../plan/plan';
import * as log from './log-events';
import type { PublishMetrics } from './metrics';

export type Telemetry = ReturnType<typeof startTelemetry>;

const ERROR_NAMES: Readonly<Record<ApiErrorKind, string>> = API_ERRORS;

/** Causes that no retry can fix. */
const REJECTING: readonly log.MessageFailure['cause'][] = ['malformed', 'invalid'];

/**
 * Reports one invocation as it happens, to the log and to the metrics.
 *
 * @param dryRun whether what is accepted only would have been: the metrics count it all the same, as a forecast
 */
export function startTelemetry(logger: Logger, publishMetrics: PublishMetrics, dryRun: boolean) {
  const counts = new Map<string, number>(Object.values(EVERY_BATCH).map((name) => [name, 0]));
  const add = (name: string, count: number) => counts.set(name, (counts.get(name) ?? 0) + count);
  const staleness: number[] = [];
  const timeToFresh: number[] = [];
  /** By target. A plan of which nothing was accepted evicts nothing, and is followed by another. */
  const evictions = new Map<string, number>();
  let ignoredCount = 0;
  let failedCount = 0;
  return {
    received(messageCount: number): void {
      add(EVERY_BATCH.messages, messageCount);
    },

    served(changes: readonly ServedChange[]): void {
      add(EVERY_BATCH.changes, countOfNew(changes));
    },

    /** Nothing needs an invalidation for it. */
    ignored(messageId: string, why: string): void {
      ignoredCount++;
      logger.debug('Message ignored', { messageId, why });
    },

    /** What it says, or leaves stale, where somebody should look. */
    distributionDisagrees(distribution: string, sentences: readonly string[]): void {
      for (const why of sentences) logger.warn('Distribution disagrees', { distribution, why });
    },

    distributionNotRead(distribution: string, error: unknown, wasRead: boolean): void {
      const goesBy = wasRead ? 'what it said before' : 'the options';
      logger.warn('Distribution not read', { distribution, ...nameAndReason(error), goesBy });
    },

    covered(target: Target, covered: ReadonlyMap<string, readonly ServedChange[]>): void {
      add(EVERY_BATCH.coveredChanges, new Set(Array.from(covered.values()).flat()).size);
      for (const [id, changes] of covered) log.logCovered(logger, target, id, changes);
    },

    listed({ listedPages }: Inventory): void {
      add(EVERY_BATCH.listedPages, listedPages);
    },

    planned(target: Target, plan: Plan, inventory: Inventory): void {
      evictions.set(targetId(target), plan.evicted);
      log.logPlan(logger, target, plan, inventory);
    },

    accepted(request: InvalidationRequest, outcome: Accepted, changes: readonly ServedChange[], now: number): void {
      const { paths } = request;
      const id = targetId(request);
      add(EVERY_BATCH.invalidations, 1);
      add(EVERY_BATCH.invalidatedPaths, paths.length);
      add(EVERY_BATCH.wildcards, paths.filter(isWildcard).length);
      add(EVERY_BATCH.evictedObjects, evictions.get(id) ?? 0);
      evictions.delete(id);
      staleness.push(stalenessOf(changes, now));
      const logInvalidation = dryRun ? log.logDryRun : log.logAccepted;
      logInvalidation(logger, request, outcome, changes, now);
    },

    apiError(request: InvalidationRequest, outcome: Outcome & ApiError): void {
      add(ERROR_NAMES[outcome.kind], 1);
      log.logApiError(logger, request, outcome);
    },

    /** Its completion was seen, and told. */
    completed(invalidation: AcceptedInvalidation & { readonly timeToFresh: number }): void {
      timeToFresh.push(invalidation.timeToFresh);
      logger.info('Invalidation completed', {
        ...idsOf(invalidation),
        pathCount: invalidation.pathCount,
        keyCount: invalidation.keyCount,
        timeToFreshSeconds: Math.round(invalidation.timeToFresh),
      });
    },

    /** The one that tells of its acceptance. */
    eventNotSent(invalidation: AcceptedInvalidation, error: unknown): void {
      logger.warn('Event not sent', { ...idsOf(invalidation), ...nameAndReason(error) });
    },

    /** Nobody will be told of its completion. */
    notFollowed(invalidation: AcceptedInvalidation, error: unknown): void {
      logger.warn('Completion not followed', { ...idsOf(invalidation), ...nameAndReason(error) });
    },

    /** Whether it is completed could not be seen, or not be told: it is tried again. */
    checkFailed(invalidation: AcceptedInvalidation, receiveCount: number, error: unknown): void {
      logger.warn('Completion check failed', { ...idsOf(invalidation), receiveCount, ...nameAndReason(error) });
    },

    /** Nobody will be told of its completion, as far as it is known. */
    noLongerFollowed(invalidation: AcceptedInvalidation, why: string, error?: unknown): void {
      const last = error === undefined ? '' : `: ${nameAndReason(error).error}: ${nameAndReason(error).why}`;
      logger.warn('Completion given up', { ...idsOf(invalidation), why: why + last });
    },

    waiting({ distribution, tenant }: Target, ms: number, why: string): void {
      logger.info('Waiting', { distribution, tenant, ms, why });
    },

    /** `maxPathsPerDay` is used up: a single wildcard covers the batch. */
    budgetExhausted({ distribution, tenant }: Target, maxPathsPerDay: number): void {
      add(AS_IT_HAPPENS.budgetExhausted, 1);
      logger.warn('Budget exhausted', { distribution, tenant, maxPathsPerDay });
    },

    ledgerUnavailable({ distribution, tenant }: Target, error: unknown): void {
      add(AS_IT_HAPPENS.ledgerUnavailable, 1);
      logger.warn('Ledger unavailable', { distribution, tenant, ...nameAndReason(error) });
    },

    crashed({ distribution, tenant }: Target, error: unknown): void {
      const logged = error instanceof Error ? error : String(error);
      logger.error('Distribution failed', { distribution, tenant, error: logged });
    },

    failed(record: SQSRecord, failure: log.MessageFailure): void {
      failedCount++;
      const isRejected = REJECTING.includes(failure.cause);
      add(isRejected ? AS_IT_HAPPENS.rejectedMessages : AS_IT_HAPPENS.retriedMessages, 1);
      log.logMessageFailure(logger, record, failure);
    },

    handled(): void {
      const messageCount = counts.get(EVERY_BATCH.messages);
      logger.info('Batch handled', { messageCount, ignoredCount, failedCount });
      publishMetrics({ counts, staleness, timeToFresh });
    },
  };
}

function idsOf({ distribution, tenant, invalidationId }: AcceptedInvalidation) {
  return { distribution, tenant, invalidationId };
}

function nameAndReason(error: unknown) {
  const { name, message } = error instanceof Error ? error : { name: 'unknown', message: String(error) };
  return { error: name, why: message };
}

/** Changes that are received for the first time. Several origins of a distribution may serve the same object. */
function countOfNew(changes: readonly ServedChange[]): number {
  const fresh = changes.filter(({ receiveCount }) => receiveCount === 1);
  return new Set(fresh.map(({ messageId, bucket, key }) => `${messageId} ${bucket} ${key}`)).size;
}

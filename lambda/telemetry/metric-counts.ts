import type { ApiError, ApiErrorKind } from '../cloudfront/api-error';
import type { InvalidationRequest } from '../cloudfront/create-invalidation';
import { API_ERRORS, AS_IT_HAPPENS, EVERY_BATCH } from '../contract/metric-names';
import type { Batch, ServedChange } from '../event/batch';
import { stalenessOf } from '../event/staleness';
import { isWildcard } from '../paths/viewer-path';
import type { InformedPlan } from '../plan/plan';
import type { MessageFailure } from './log-events';

/** What one invocation has counted, by the names of the metrics. */
export interface MetricCounts {
  readonly counts: ReadonlyMap<string, number>;
  /** A value for each accepted invalidation, in seconds. */
  readonly staleness: readonly number[];
}

const REFUSAL_NAMES: Readonly<Record<ApiErrorKind, string>> = API_ERRORS;

/** Causes for which a message comes back though no retry mends it. */
const REJECTING: readonly MessageFailure['cause'][] = ['malformed', 'invalid'];

/** Counts what happens in one invocation. */
export function startCounting() {
  const counts = new Map<string, number>(Object.values(EVERY_BATCH).map((name) => [name, 0]));
  const staleness: number[] = [];
  /** By distribution. A plan that was refused as a whole discards nothing, and is followed by another. */
  const discards = new Map<string, number>();

  function add(name: string, count: number): void {
    counts.set(name, (counts.get(name) ?? 0) + count);
  }

  return {
    received(messages: number, { changes }: Batch): void {
      add(EVERY_BATCH.messages, messages);
      for (const served of changes.values()) add(EVERY_BATCH.changes, countOfNew(served));
    },

    covered(covered: ReadonlyMap<string, readonly ServedChange[]>): void {
      add(EVERY_BATCH.coveredChanges, new Set(Array.from(covered.values()).flat()).size);
    },

    planned(distribution: string, { evicted, listedPages }: InformedPlan): void {
      discards.set(distribution, evicted);
      add(EVERY_BATCH.listedPages, listedPages);
    },

    accepted({ distribution, paths }: InvalidationRequest, changes: readonly ServedChange[], now: number): void {
      add(EVERY_BATCH.invalidations, 1);
      add(EVERY_BATCH.invalidatedPaths, paths.length);
      add(EVERY_BATCH.wildcards, paths.filter(isWildcard).length);
      add(EVERY_BATCH.evictedObjects, discards.get(distribution) ?? 0);
      discards.delete(distribution);
      staleness.push(stalenessOf(changes, now));
    },

    refused({ kind }: ApiError): void {
      add(REFUSAL_NAMES[kind], 1);
    },

    returned({ cause }: MessageFailure): void {
      // Nothing was refused, and nothing has to be done about it.
      if (cause === 'postponed') return;
      add(REJECTING.includes(cause) ? AS_IT_HAPPENS.rejectedMessages : AS_IT_HAPPENS.retriedMessages, 1);
    },

    counted: (): MetricCounts => ({ counts, staleness }),
  };
}

/** Changes that are received for the first time. Several origins of a distribution may serve the same object. */
function countOfNew(changes: readonly ServedChange[]): number {
  const fresh = changes.filter(({ receiveCount }) => receiveCount === 1);
  return new Set(fresh.map(({ messageId, bucket, key }) => `${messageId} ${bucket} ${key}`)).size;
}

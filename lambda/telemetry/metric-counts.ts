import type { Inventory } from '../bucket/inventory';
import type { ApiError, ApiErrorKind } from '../cloudfront/api-error';
import type { InvalidationRequest } from '../cloudfront/create-invalidation';
import { API_ERRORS, AS_IT_HAPPENS, EVERY_BATCH } from '../contract/metric-names';
import { type Batch, type ServedChange, stalenessOf } from '../event/batch';
import { isWildcard } from '../paths/viewer-path';
import type { Plan } from '../plan/plan';
import type { MessageFailure } from './log-events';

/** What one invocation has counted, by the names of the metrics. */
export interface MetricCounts {
  readonly counts: ReadonlyMap<string, number>;
  /** A value for each accepted invalidation, in seconds. */
  readonly staleness: readonly number[];
}

const ERROR_NAMES: Readonly<Record<ApiErrorKind, string>> = API_ERRORS;

/** Causes that no retry can fix. */
const REJECTING: readonly MessageFailure['cause'][] = ['malformed', 'invalid'];

/** Counts what happens in one invocation. */
export function startCounting() {
  const counts = new Map<string, number>(Object.values(EVERY_BATCH).map((name) => [name, 0]));
  const staleness: number[] = [];
  /** By distribution. A plan of which nothing was accepted evicts nothing, and is followed by another. */
  const evictions = new Map<string, number>();

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

    listed({ listedPages }: Inventory): void {
      add(EVERY_BATCH.listedPages, listedPages);
    },

    planned(distribution: string, { evicted }: Plan): void {
      evictions.set(distribution, evicted);
    },

    accepted({ distribution, paths }: InvalidationRequest, changes: readonly ServedChange[], now: number): void {
      add(EVERY_BATCH.invalidations, 1);
      add(EVERY_BATCH.invalidatedPaths, paths.length);
      add(EVERY_BATCH.wildcards, paths.filter(isWildcard).length);
      add(EVERY_BATCH.evictedObjects, evictions.get(distribution) ?? 0);
      evictions.delete(distribution);
      staleness.push(stalenessOf(changes, now));
    },

    apiError({ kind }: ApiError): void {
      add(ERROR_NAMES[kind], 1);
    },

    /** Something that is counted only when it happens. */
    happened(what: keyof typeof AS_IT_HAPPENS): void {
      add(AS_IT_HAPPENS[what], 1);
    },

    failed({ cause }: MessageFailure): void {
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

import type { Accepted, InvalidationRequest } from '../cloudfront/create-invalidation';
import type { ServedChange } from '../event/batch';
import type { AcceptedInvalidation } from '../event/completion';

/** The source of the events. */
export const SOURCE = 'cloudfront-invalidator';

/** What an event tells of, as its detail type says. */
export type InvalidationEvent =
  | { readonly type: 'Invalidation Accepted'; readonly detail: AcceptedInvalidation }
  | { readonly type: 'Invalidation Completed'; readonly detail: CompletedInvalidation };

/** An invalidation after which every edge fetches anew. */
export interface CompletedInvalidation extends AcceptedInvalidation {
  /** When its completion was seen, in ISO 8601. CloudFront does not tell when it was. */
  readonly completed: string;
  /** From the oldest change until then, in seconds. */
  readonly timeToFresh: number;
}

/**
 * Most bytes of either list, in JSON. SQS and EventBridge bill 64 KB at a time, and the targets of a rule may take less than
 * EventBridge does, which is 1 MB.
 */
const LARGEST_LIST = 30_000;

/** @param now in ms since the epoch */
export function acceptedInvalidation(
  { distribution, tenant, paths }: InvalidationRequest,
  { invalidationId, callerReference }: Accepted,
  changes: readonly ServedChange[],
  now: number,
): AcceptedInvalidation {
  // What is requested is of no bucket, and has no key.
  const keys = [...new Set(changes.filter(({ bucket }) => bucket !== '').map(({ key }) => key))].sort();
  const oldest = changes.reduce((least, { time = now }) => Math.min(least, time), now);
  return {
    distribution,
    ...(tenant !== undefined && { tenant }),
    invalidationId,
    callerReference,
    paths: bounded([...paths].sort()),
    pathCount: paths.length,
    keys: bounded(keys),
    keyCount: keys.length,
    oldestChange: new Date(oldest).toISOString(),
    accepted: new Date(now).toISOString(),
  };
}

/** @param now in ms since the epoch */
export function completedInvalidation(accepted: AcceptedInvalidation, now: number): CompletedInvalidation {
  const timeToFresh = Math.max(0, now - Date.parse(accepted.oldestChange)) / 1000;
  return { ...accepted, completed: new Date(now).toISOString(), timeToFresh };
}

function bounded(list: readonly string[]): readonly string[] {
  let size = 0;
  const end = list.findIndex((each) => {
    size += Buffer.byteLength(JSON.stringify(each)) + 1;
    return size > LARGEST_LIST;
  });
  return end < 0 ? list : list.slice(0, end);
}

import type { SQSRecord } from 'aws-lambda';
import { parseNotification } from '../../lambda/event/s3-notification';
import type { Invalidation } from '../cloudfront/control-plane';
import type { LogLine } from '../log-line';

/** A batch of messages, as far as it has come. */
export interface Batch {
  readonly number: number;
  /** Milliseconds. */
  readonly at: number;
  /** Of the invocation that handles it. */
  readonly requestId: string;
  readonly messageIds: ReadonlySet<string>;
  /** The keys that its messages tell of, each with how often. */
  readonly changed: ReadonlyMap<string, readonly SQSRecord[]>;
  readonly paths: readonly string[];
  /** Pages of the bucket's listing that the function has read for it. */
  readonly listedPages: number;
  /** Milliseconds that the function has waited for another batch to release the lease, as its log tells. */
  readonly waited: number;
  readonly returned: readonly SQSRecord[];
  /** Why messages of it will be retried, as the function's log tells, each reason with how many. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Why all of it will be retried. */
  readonly failure?: string;
  readonly doneAt?: number;
}

/** The batches under way, put together from what happens. */
export interface Batches {
  /** The newest last. */
  readonly open: readonly Batch[];
  invoked(records: readonly SQSRecord[], at: number, requestId: string): Batch;
  /** The batch that an invalidation is for: its caller reference begins with the id of one of the messages. */
  invalidated(invalidation: Invalidation): void;
  /** What a line of the function's log tells of a batch. */
  logged(line: LogLine): void;
  /** The batch, now done. */
  processed(
    records: readonly SQSRecord[],
    returned: readonly SQSRecord[],
    failure: string | undefined,
    at: number,
  ): Batch | undefined;
}

type Open = { -readonly [name in keyof Batch]: Batch[name] } & { readonly reasons: Map<string, number> };

/** Reasons that are told apart; each may quote a key. */
const MOST_REASONS = 20;

/** @param bucket whose keys count */
export function createBatches(bucket: string): Batches {
  const open: Open[] = [];
  /** Pages that were listed, by the request id of the function. */
  const listed = new Map<unknown, number>();
  let number = 0;

  const openWith = (messageId: string | undefined) =>
    open.findLast(({ messageIds }) => messageIds.has(messageId ?? ''));

  return {
    open,
    invoked(records, at, requestId) {
      number += 1;
      const messageIds = new Set(records.map(({ messageId }) => messageId));
      const changed = changedKeys(records, bucket);
      const begun = { number, at, requestId, messageIds, changed };
      const batch: Open = { ...begun, paths: [], listedPages: 0, waited: 0, returned: [], reasons: new Map() };
      open.push(batch);
      return batch;
    },
    invalidated({ callerReference, paths }) {
      const batch = openWith(messageIdOf(callerReference));
      if (batch) batch.paths = [...batch.paths, ...paths];
    },
    logged({ fields }) {
      const { message, function_request_id: request, listedPages, callerReference } = fields;
      if (message === 'Waiting' && fields.why === 'LeaseHeld') {
        const waiting = open.find(({ requestId }) => requestId === request);
        if (waiting) waiting.waited += Number(fields.ms ?? 0);
      }
      if (message === 'Message failed') {
        const reasons = openWith(String(fields.messageId))?.reasons;
        const why = String(fields.why);
        if (reasons && (reasons.has(why) || reasons.size < MOST_REASONS)) reasons.set(why, (reasons.get(why) ?? 0) + 1);
      }
      if (typeof listedPages === 'number') listed.set(request, (listed.get(request) ?? 0) + listedPages);
      const batch = openWith(typeof callerReference === 'string' ? messageIdOf(callerReference) : undefined);
      if (batch && message === 'Invalidation accepted') batch.listedPages = listed.get(request) ?? 0;
      if (message === 'Batch handled') listed.delete(request);
    },
    processed(records, returned, failure, at) {
      const batch = openWith(records[0]?.messageId);
      if (!batch) return undefined;
      batch.returned = returned;
      if (failure !== undefined) batch.failure = failure;
      batch.doneAt = at;
      open.splice(open.indexOf(batch), 1);
      return batch;
    },
  };
}

/** `<message id>-<digest>`. */
function messageIdOf(callerReference: string): string {
  return callerReference.slice(0, callerReference.lastIndexOf('-'));
}

function changedKeys(records: readonly SQSRecord[], bucket: string): Map<string, SQSRecord[]> {
  const changed = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const notification = parseNotification(record.body);
    for (const change of notification.kind === 'changes' ? notification.changes : []) {
      if (change.bucket !== bucket) continue;
      const known = changed.get(change.key);
      if (known) known.push(record);
      else changed.set(change.key, [record]);
    }
  }
  return changed;
}

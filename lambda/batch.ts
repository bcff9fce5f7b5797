import type { SQSRecord } from 'aws-lambda';
import type { Configuration } from './configuration';
import { parseNotification } from './notification';
import { viewerPaths } from './path';
import type { ChangedObject } from './plan';

/** A changed object as one distribution serves it, and the message that told of it. */
export interface ServedChange extends ChangedObject {
  readonly messageId: string;
  /** How often the message was received, this time included. */
  readonly receiveCount: number;
  /** When the object changed, in ms since the epoch; when unknown, when its message was sent. */
  readonly time: number;
}

/** What a batch of messages asks for. */
export interface Batch {
  /** By the id of the distribution that serves them. */
  readonly changes: ReadonlyMap<string, readonly ServedChange[]>;
  readonly malformed: readonly { readonly record: SQSRecord; readonly why: string }[];
  /** What needs no invalidation, and why. */
  readonly ignored: readonly { readonly record: SQSRecord; readonly why: string }[];
}

/** Understands a batch of messages: what changed, for which distributions, under which paths. */
export function readBatch(records: readonly SQSRecord[], { origins, indexDocument }: Configuration): Batch {
  const changes = new Map<string, ServedChange[]>();
  const malformed: Batch['malformed'][number][] = [];
  const ignored: Batch['ignored'][number][] = [];
  for (const record of records) {
    const notification = parseNotification(record.body);
    if (notification.kind === 'malformed') malformed.push({ record, why: notification.why });
    if (notification.kind === 'nothing') ignored.push({ record, why: notification.why });
    if (notification.kind !== 'changes') continue;
    for (const { bucket, key, time } of notification.changes) {
      let served = false;
      for (const origin of origins) {
        if (origin.bucket !== bucket) continue;
        const paths = viewerPaths(key, origin.path, indexDocument);
        if (paths.length === 0) continue;
        served = true;
        const change: ServedChange = {
          messageId: record.messageId,
          receiveCount: receiveCountOf(record),
          bucket,
          key,
          paths,
          time: time ?? Number(record.attributes?.SentTimestamp),
        };
        const known = changes.get(origin.distribution);
        if (known) known.push(change);
        else changes.set(origin.distribution, [change]);
      }
      if (!served) ignored.push({ record, why: `no origin serves ${JSON.stringify(key)} of bucket ${bucket}` });
    }
  }
  return { changes, malformed, ignored };
}

/** How often a message was received, this time included. */
export function receiveCountOf(record: SQSRecord): number {
  return Number(record.attributes?.ApproximateReceiveCount ?? 1);
}

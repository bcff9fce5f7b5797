import type { SQSRecord } from 'aws-lambda';
import type { ChangedObject } from '../paths/changed-object';
import { isInvalidated, type ServedOrigins, servedPaths } from '../paths/served-paths';
import { type Change, parseNotification } from './s3-notification';

/** A changed object as one distribution serves it, and the message that told of it. */
export interface ServedChange extends ChangedObject {
  readonly messageId: string;
  /** How often the message was received, this time included. */
  readonly receiveCount: number;
  /** When the object changed, in ms since the epoch; undefined when not even its message says. */
  readonly time: number | undefined;
}

/** What a batch of messages tells of. */
export interface Batch {
  /** By the id of the distribution that serves them. */
  readonly changes: ReadonlyMap<string, readonly ServedChange[]>;
  readonly malformed: readonly { readonly record: SQSRecord; readonly why: string }[];
  /** What needs no invalidation, and why. */
  readonly ignored: readonly { readonly record: SQSRecord; readonly why: string }[];
}

/** Understands a batch of messages: what changed, for which distributions, under which paths. */
export function readBatch(records: readonly SQSRecord[], served: ServedOrigins): Batch {
  const changes: (readonly [distribution: string, ServedChange])[] = [];
  const malformed: Batch['malformed'][number][] = [];
  const ignored: Batch['ignored'][number][] = [];
  for (const record of records) {
    const notification = parseNotification(record.body);
    if (notification.kind === 'malformed') malformed.push({ record, why: notification.why });
    if (notification.kind === 'nothing') ignored.push({ record, why: notification.why });
    if (notification.kind !== 'changes') continue;
    for (const change of notification.changes) {
      const asServed = servedChanges(record, change, served);
      if (asServed.length === 0) ignored.push({ record, why: whyNotServed(change, served) });
      changes.push(...asServed);
    }
  }
  const byDistribution = Map.groupBy(changes, ([distribution]) => distribution);
  const changesOf = new Map(Array.from(byDistribution, ([id, all]) => [id, all.map(([, change]) => change)]));
  return { changes: changesOf, malformed, ignored };
}

/** The change as each distribution serves it that serves it at all, with the distribution's id. */
function servedChanges(
  record: SQSRecord,
  { bucket, key, time }: Change,
  { origins, indexDocument }: ServedOrigins,
): [string, ServedChange][] {
  const serving = origins.filter((origin) => origin.bucket === bucket && isInvalidated(key, origin) === 'yes');
  return serving.map((origin) => [
    origin.distribution,
    {
      messageId: record.messageId,
      receiveCount: receiveCountOf(record),
      bucket,
      key,
      ...servedPaths(key, origin, indexDocument),
      time: changeTime(record, time),
    },
  ]);
}

function whyNotServed({ bucket, key }: Change, { origins }: ServedOrigins): string {
  const object = `${JSON.stringify(key)} of bucket ${bucket}`;
  const reasons = origins.filter((origin) => origin.bucket === bucket).map((origin) => isInvalidated(key, origin));
  if (reasons.includes('excluded')) return `${object} is excluded`;
  return reasons.includes('not watched') ? `no prefix covers ${object}` : `no origin serves ${object}`;
}

/** S3 tells of a change within minutes. A time from long before its message is a sample's, not a change's. */
const LONGEST_NOTICE = 24 * 3600 * 1000;

/** The time of the event, or else when its message was sent, which is later: too late a time only costs a path. */
function changeTime(record: SQSRecord, time: number | undefined): number | undefined {
  const sent = Number(record.attributes?.SentTimestamp);
  if (!(sent > 0)) return time;
  return time !== undefined && sent - time < LONGEST_NOTICE ? time : sent;
}

/** How often a message was received, this time included. */
export function receiveCountOf(record: SQSRecord): number {
  return Number(record.attributes?.ApproximateReceiveCount) || 1;
}

/** How long ago the oldest of some changes was, in s; changes of which no time is known are new. */
export function stalenessOf(changes: readonly ServedChange[], now: number): number {
  return (now - changes.reduce((least, { time = now }) => Math.min(least, time), now)) / 1000;
}

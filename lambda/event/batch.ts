import type { SQSRecord } from 'aws-lambda';
import type { ChangedObject } from '../paths/changed-object';
import type { AcceptedInvalidation } from './completion';
import type { RequestedInvalidation } from './request';
import { parseNotification } from './s3-notification';

/** A change, and the message that told of it. */
export interface ReceivedChange {
  readonly messageId: string;
  /** How often the message was received, this time included. */
  readonly receiveCount: number;
  readonly bucket: string;
  readonly key: string;
  /** When the object changed, in ms since the epoch; undefined when not even its message says. */
  readonly time: number | undefined;
}

/** What somebody requested, and the message that did. */
export type ReceivedRequest = RequestedInvalidation &
  Pick<ReceivedChange, 'messageId' | 'receiveCount'> & {
    /** When its message was sent, in ms since the epoch; undefined when not even that is known. */
    readonly time: number | undefined;
  };

/** An invalidation whose completion is to be looked for, and the message of the function's own that says so. */
export interface ReceivedCompletion extends Pick<ReceivedChange, 'messageId' | 'receiveCount'> {
  readonly invalidation: AcceptedInvalidation;
}

/** A changed object as one distribution serves it, and the message that told of it. */
export type ServedChange = ReceivedChange & ChangedObject;

/** What a batch of messages tells of. */
export interface Batch {
  readonly changes: readonly ReceivedChange[];
  readonly requests: readonly ReceivedRequest[];
  readonly completions: readonly ReceivedCompletion[];
  readonly malformed: readonly { readonly record: SQSRecord; readonly why: string }[];
  /** What tells of no change, and why. */
  readonly ignored: readonly { readonly messageId: string; readonly why: string }[];
}

/** Understands a batch of messages. */
export function readBatch(records: readonly SQSRecord[]): Batch {
  const changes: ReceivedChange[] = [];
  const requests: ReceivedRequest[] = [];
  const completions: ReceivedCompletion[] = [];
  const malformed: Batch['malformed'][number][] = [];
  const ignored: Batch['ignored'][number][] = [];
  for (const record of records) {
    const { messageId } = record;
    const notification = parseNotification(record.body);
    if (notification.kind === 'malformed') malformed.push({ record, why: notification.why });
    if (notification.kind === 'nothing') ignored.push({ messageId, why: notification.why });
    const receiveCount = receiveCountOf(record);
    if (notification.kind === 'completion') {
      completions.push({ messageId, receiveCount, invalidation: notification.invalidation });
    }
    if (notification.kind === 'request') {
      requests.push({ ...notification.request, messageId, receiveCount, time: changeTime(record, undefined) });
    }
    if (notification.kind !== 'changes') continue;
    for (const { bucket, key, time } of notification.changes) {
      changes.push({ messageId, receiveCount, bucket, key, time: changeTime(record, time) });
    }
  }
  return { changes, requests, completions, malformed, ignored };
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

import { REQUESTED } from '../contract/requests';
import { type AcceptedInvalidation, parseCompletion } from './completion';
import { parseInvalidate, type RequestedInvalidation } from './request';
import { excerpt, isRecord, type JsonObject } from './untrusted';

/** A change of one object, as a notification tells it. */
export interface Change {
  readonly bucket: string;
  /** The key as it is in the bucket, not as the notification encodes it. */
  readonly key: string;
  /** When it happened, in ms since the epoch. Undefined: the notification does not say. */
  readonly time: number | undefined;
}

/** What the body of a message turns out to be. */
export type Notification =
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
  | { readonly kind: 'request'; readonly request: RequestedInvalidation }
  | { readonly kind: 'completion'; readonly invalidation: AcceptedInvalidation }
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'malformed'; readonly why: string };

/** The families of S3 events after which a viewer is served something else. */
const CONTENT_CHANGES = ['ObjectCreated:', 'ObjectRemoved:', 'LifecycleExpiration:'];

/** The same, as EventBridge names them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html */
const CONTENT_CHANGE_DETAIL_TYPES = ['Object Created', 'Object Deleted'];

/**
 * Reads the body of a message: an S3 notification (any 2.x version), S3's test event, EventBridge's events of S3, requests, what the function
 * sends to itself, and each of them wrapped by SNS. Never throws: what it does not understand is malformed, with the reason.
 *
 * The forms: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function parseNotification(body: unknown): Notification {
  const event = parseJson(body);
  if (!isRecord(event)) return malformed(`the body is not a JSON object: ${excerpt(body)}`);
  if (event.Type === 'Notification' && 'Message' in event) {
    const message = parseJson(event.Message);
    if (!isRecord(message)) return malformed(`the SNS message is not a JSON object: ${excerpt(event.Message)}`);
    return parseEvent(message);
  }
  return parseEvent(event);
}

function parseEvent(event: JsonObject): Notification {
  if (event.Event === 's3:TestEvent') return nothing('a test event of S3');
  if ('Records' in event) return parseRecords(event.Records);
  if (event['detail-type'] === REQUESTED) return parseRequest(event.detail);
  if ('detail-type' in event) return parseEventBridge(event);
  if ('invalidate' in event) return parseRequest(event);
  if ('completion' in event) {
    const invalidation = parseCompletion(event.completion);
    return typeof invalidation === 'string' ? malformed(invalidation) : { kind: 'completion', invalidation };
  }
  return malformed(
    `neither an S3 notification nor an EventBridge event nor a request to invalidate: ${excerpt(event)}`,
  );
}

function parseRequest(value: unknown): Notification {
  if (!isRecord(value)) return malformed(`the detail of "${REQUESTED}" must be an object, but it is ${excerpt(value)}`);
  const { invalidate, ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return malformed(`a request has invalidate and nothing else, but it has ${excerpt(unknown)}`);
  const request = parseInvalidate(invalidate);
  return typeof request === 'string' ? malformed(request) : { kind: 'request', request };
}

function parseRecords(records: unknown): Notification {
  if (!Array.isArray(records) || records.length === 0) {
    return malformed(`Records must be a list with at least one record, but it is ${excerpt(records)}`);
  }
  const changes: Change[] = [];
  for (const [index, record] of records.entries()) {
    const change = parseRecord(record);
    if (typeof change === 'string') return malformed(`Records[${index}]: ${change}`);
    if (change) changes.push(change);
  }
  return changes.length > 0 ? { kind: 'changes', changes } : nothing('no record tells of changed content');
}

/** The change; undefined when the event leaves the content as it was; or why the record is malformed. */
function parseRecord(record: unknown): Change | undefined | string {
  if (!isRecord(record)) return `must be an object, but it is ${excerpt(record)}`;
  const { eventVersion, eventName, eventTime, s3 } = record;
  if (typeof eventVersion !== 'string' || !/^2\.\d+$/.test(eventVersion)) {
    return `eventVersion must be 2.x, but it is ${excerpt(eventVersion)}`;
  }
  if (typeof eventName !== 'string') return `eventName must be text, but it is ${excerpt(eventName)}`;
  if (!CONTENT_CHANGES.some((family) => eventName.startsWith(family))) return undefined;
  const object = readObject(s3);
  if (typeof object === 'string') return object;
  // A lifecycle rule removes old versions for good. Of a current object it leaves a delete marker, which has an event of its own.
  if (eventName === 'LifecycleExpiration:Delete' && object.versionId !== undefined) return undefined;
  const key = decodeKey(object.key);
  if (key === undefined) return `the key does not decode: ${excerpt(object.key)}`;
  return { bucket: object.bucket, key, time: parseTime(eventTime) };
}

function parseEventBridge({ 'detail-type': type, source, time, detail }: JsonObject): Notification {
  if (typeof type !== 'string' || source !== 'aws.s3') {
    return malformed(
      `an EventBridge event of S3 has source "aws.s3" and a detail-type, but they are ${excerpt(source)}, ${excerpt(type)}`,
    );
  }
  if (!CONTENT_CHANGE_DETAIL_TYPES.includes(type)) return nothing(`${excerpt(type)} leaves the content as it was`);
  const object = readObject(detail);
  if (typeof object === 'string') return malformed(`detail: ${object}`);
  if (isExpiration(detail) && object.versionId !== undefined) return nothing('an old version expired');
  // EventBridge gives the key as it is: a + is a plus, a % is a percent sign.
  const { bucket, key } = object;
  return { kind: 'changes', changes: [{ bucket, key, time: parseTime(time) }] };
}

/** Whether a lifecycle rule deleted something for good. Of a versioned bucket's current objects it leaves a delete marker. */
function isExpiration(detail: unknown): boolean {
  if (!isRecord(detail)) return false;
  return detail.reason === 'Lifecycle Expiration' && detail['deletion-type'] === 'Permanently Deleted';
}

/** An object, as S3 and EventBridge name it. */
interface NamedObject {
  readonly bucket: string;
  readonly key: string;
  /** Absent: the object has no versions. */
  readonly versionId: string | undefined;
}

/** Bucket and key, which S3 and EventBridge nest alike; or why they are malformed. */
function readObject(value: unknown): NamedObject | string {
  const { bucket, object } = isRecord(value) ? value : {};
  const name = isRecord(bucket) ? bucket.name : undefined;
  const key = isRecord(object) ? object.key : undefined;
  if (typeof name !== 'string' || name === '')
    return `bucket.name must be text that is not empty, but it is ${excerpt(name)}`;
  if (typeof key !== 'string' || key === '')
    return `object.key must be text that is not empty, but it is ${excerpt(key)}`;
  if (!key.isWellFormed()) return `object.key must be well-formed Unicode, but it is ${excerpt(key)}`;
  const version = isRecord(object) ? (object.versionId ?? object['version-id']) : undefined;
  return { bucket: name, key, versionId: typeof version === 'string' && version !== '' ? version : undefined };
}

/** S3 form-encodes the keys in its notifications. */
function decodeKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/**
 * Only whole times: `Date.parse` takes "5" for a day in 2001. EventBridge cuts them to the second, so the change may be as late as
 * the end of it: too late a time only costs a path.
 */
function parseTime(value: unknown): number | undefined {
  const match = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.exec(value);
  if (!match) return undefined;
  const time = Date.parse(match[0]) + (match[1] === undefined ? 999 : 0);
  return Number.isNaN(time) ? undefined : time;
}

function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nothing(why: string): Notification {
  return { kind: 'nothing', why };
}

function malformed(why: string): Notification {
  return { kind: 'malformed', why };
}

import { XMLParser } from 'fast-xml-parser';
import type { ObjectChange, QueueConfiguration } from './notification.mts';

/** What matters of a request to S3, path-style. */
export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  /** Decoded; empty for requests about the bucket. */
  readonly key: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** The objects that a request changed, given that it succeeded. */
export function changesOf({ method, bucket, key, query, headers, body }: S3Request): ObjectChange[] {
  if (key === '') {
    return method === 'POST' && 'delete' in query
      ? keysToDelete(text(body)).map((deleted) => ({ bucket, key: deleted, eventName: 'ObjectRemoved:Delete' }))
      : [];
  }
  const change = (eventName: string) => [{ bucket, key, eventName }];
  if (method === 'POST') return 'uploadId' in query ? change('ObjectCreated:CompleteMultipartUpload') : [];
  if ('uploadId' in query) return [];
  if (method === 'PUT') return change(`ObjectCreated:${'x-amz-copy-source' in headers ? 'Copy' : 'Put'}`);
  return method === 'DELETE' ? change('ObjectRemoved:Delete') : [];
}

/** The body of PutBucketNotificationConfiguration; destinations other than queues are left out. */
export function readNotificationConfiguration(body: unknown): QueueConfiguration[] {
  const configurations: RawConfiguration[] =
    parser.parse(text(body)).NotificationConfiguration?.QueueConfiguration ?? [];
  return configurations.map(({ Id, Queue, Event, Filter }, index) => {
    const rules = Filter?.S3Key?.FilterRule ?? [];
    // Filters are encoded as forms are: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
    const rule = (name: string) =>
      decodeURIComponent(rules.find((each) => each.Name.toLowerCase() === name)?.Value.replaceAll('+', ' ') ?? '');
    return {
      id: Id ?? `configuration-${index + 1}`,
      queueArn: Queue,
      events: Event,
      prefix: rule('prefix'),
      suffix: rule('suffix'),
    };
  });
}

/** Whether the same body switches EventBridge on. */
export function switchesEventBridgeOn(body: unknown): boolean {
  return parser.parse(text(body)).NotificationConfiguration?.EventBridgeConfiguration !== undefined;
}

interface RawConfiguration {
  readonly Id?: string;
  readonly Queue: string;
  readonly Event: string[];
  readonly Filter?: { readonly S3Key?: { readonly FilterRule?: { readonly Name: string; readonly Value: string }[] } };
}

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => ['QueueConfiguration', 'Event', 'FilterRule', 'Object'].includes(name),
});

function keysToDelete(xml: string): string[] {
  // A parser makes line feeds of carriage returns, unless they are references.
  const objects: { Key: string }[] = parser.parse(xml.replaceAll('\r', '&#13;')).Delete?.Object ?? [];
  return objects.map((object) => object.Key);
}

function text(body: unknown): string {
  return Buffer.isBuffer(body) ? body.toString('utf8') : '';
}

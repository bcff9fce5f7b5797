import { randomUUID } from 'node:crypto';
import type { ObjectChanged } from '../s3-sqs/start';
import { ACCOUNT, REGION } from '../template/physical-names';

/** An event as EventBridge delivers it. */
export interface BusEvent {
  readonly version: string;
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** In whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * S3's event of a change, as EventBridge delivers it; the time in whole seconds, the key as it is:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function s3Event({ bucket, key, eventName, size, eTag, at }: ObjectChanged): BusEvent {
  const created = eventName.startsWith('ObjectCreated:');
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': created ? 'Object Created' : 'Object Deleted',
    source: 'aws.s3',
    account: ACCOUNT,
    time: new Date(at).toISOString().replace(/\.\d+/, ''),
    region: REGION,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { key, size, etag: eTag },
      'request-id': 'LOCAL',
      requester: ACCOUNT,
      'source-ip-address': '127.0.0.1',
      reason: created ? 'PutObject' : 'DeleteObject',
    },
  };
}

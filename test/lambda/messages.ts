import { randomUUID } from 'node:crypto';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

/**
 * A notification as S3 sends it, after the example of
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function s3Record(key: string, { bucket = 'site', event = 'ObjectCreated:Put', time = CHANGED } = {}) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: time,
    eventName: event,
    userIdentity: { principalId: 'A3XPL' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': 'C3D13FE58DE4C810', 'x-amz-id-2': 'FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'changes',
      bucket: { name: bucket, ownerIdentity: { principalId: 'A3XPL' }, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: formEncode(key),
        size: 1024,
        eTag: 'd41d8cd98f00b204e9800998ecf8427e',
        sequencer: '0055AED6DCD90281E5',
      },
    },
  };
}

/** When the changes of the fixtures happened. */
export const CHANGED = '2026-11-23T08:00:00.000Z';

/** As S3 writes keys into notifications. */
export function formEncode(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}

export function s3Body(key: string, options?: Parameters<typeof s3Record>[1]): string {
  return JSON.stringify({ Records: [s3Record(key, options)] });
}

/** After https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export function eventBridgeBody(key: string, type = 'Object Created', bucket = 'site'): string {
  return JSON.stringify({
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': type,
    source: 'aws.s3',
    account: '111122223333',
    time: '2026-11-23T08:00:00Z',
    region: 'ca-central-1',
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { key, size: 5, etag: 'b1946ac92492d2347c6235b4d2611184', sequencer: '00617F08299329D189' },
      'request-id': 'N4N7GDK58NMKJ12R',
      requester: '123456789012',
      reason: 'PutObject',
    },
  });
}

/** After https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export function snsBody(message: string): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: 'arn:aws:sns:us-west-2:123456789012:changes',
    Subject: 'Amazon S3 Notification',
    Message: message,
    Timestamp: '2026-11-23T08:00:00.000Z',
    SignatureVersion: '1',
  });
}

/** S3 sends this when a notification is configured. */
export const TEST_EVENT = JSON.stringify({
  Service: 'Amazon S3',
  Event: 's3:TestEvent',
  Time: '2026-11-23T08:00:00.000Z',
  Bucket: 'site',
  RequestId: '5582815E1AEA5ADF',
  HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR',
});

/** When the change of a body was, in ms since the epoch; of one that tells of none, when those of the fixtures were. */
function changeTimeOf(body: unknown): number {
  const [time = CHANGED] = (typeof body === 'string' && /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(body)) || [];
  return Date.parse(time) || Date.parse(CHANGED);
}

/** S3's message of a change, a second after it: whatever this machine's clock says, and the change's time by it. */
export function message(messageId: string, body: string, receiveCount = 1): SQSRecord {
  const changed = changeTimeOf(body);
  return {
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(changed + 1000),
      SenderId: 'AIDAJ',
      ApproximateFirstReceiveTimestamp: String(changed + 2000),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:queue',
    awsRegion: 'us-east-1',
  };
}

export function batchOf(...records: SQSRecord[]): SQSEvent {
  return { Records: records };
}

/** As Lambda gives it to an invocation, with the time that is left. */
export function contextWith(remainingMs = 35_000): Context {
  const end = Date.now() + remainingMs;
  return {
    awsRequestId: randomUUID(),
    functionName: 'invalidator',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:invalidator',
    memoryLimitInMB: '512',
    logGroupName: 'logs',
    logStreamName: 'stream',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => end - Date.now(),
    done() {},
    fail() {},
    succeed() {},
  };
}

import type { SQSRecord } from 'aws-lambda';

/** What tells one message from another. Times in ms since the epoch. */
export interface MessageDetails {
  readonly id: string;
  readonly changed?: number;
  readonly sent?: number;
  /** @default 1 */
  readonly receives?: number;
}

/** @default for both times */
const LONG_AGO = Date.parse('2026-11-23T05:00:00.000Z');

/** A message of SQS with the notification that S3 sends for an upload; without a key, with nothing that makes sense. */
export function messageOf(
  key: string | undefined,
  { id, changed = LONG_AGO, sent = LONG_AGO, receives = 1 }: MessageDetails,
): SQSRecord {
  return {
    messageId: id,
    receiptHandle: '',
    body: key === undefined ? 'poison' : notificationOf(key, changed),
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sent),
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
}

function notificationOf(key: string, changed: number): string {
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'eu-central-1',
        eventTime: new Date(changed).toISOString(),
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'AWS:AROAEXAMPLEEXAMPLE:deploy' },
        requestParameters: { sourceIPAddress: '192.0.2.1' },
        responseElements: {
          'x-amz-request-id': 'C3D13FE58DE4C810',
          'x-amz-id-2': 'FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S'.repeat(2),
        },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'YmVuY2gtb2YtdGhlLWludmFsaWRhdG9y',
          bucket: { name: 'site', ownerIdentity: { principalId: 'A3NL1KOZZKExample' }, arn: 'arn:aws:s3:::site' },
          object: {
            key: encodeURIComponent(key).replaceAll('%20', '+'),
            size: 1024,
            eTag: 'd41d8cd98f00b204e9800998ecf8427e',
            sequencer: '0A1B2C3D4E5F678901',
          },
        },
      },
    ],
  });
}

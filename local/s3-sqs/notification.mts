/** S3's event notifications, as S3 writes them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */

/** One destination of a bucket's notification configuration. */
export interface QueueConfiguration {
  readonly id: string;
  readonly queueArn: string;
  /** Such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

/** What happened to one object. */
export interface ObjectChange {
  readonly bucket: string;
  readonly key: string;
  /** Without `s3:`, such as `ObjectCreated:Put`. */
  readonly eventName: string;
}

/** What S3 tells about the request and the object besides. */
export interface ChangeDetails {
  readonly time: Date;
  readonly region: string;
  readonly requestId: string;
  readonly sequencer: string;
  /** None for an object that is gone. */
  readonly object?: { readonly size: number; readonly eTag: string };
}

/** Whether a change is one that the configuration selects. */
export function isWanted({ key, eventName }: ObjectChange, configuration: QueueConfiguration): boolean {
  return (
    key.startsWith(configuration.prefix) &&
    key.endsWith(configuration.suffix) &&
    configuration.events.some((event) =>
      event.endsWith('*') ? `s3:${eventName}`.startsWith(event.slice(0, -1)) : `s3:${eventName}` === event,
    )
  );
}

/** The body of the message that tells of a change. */
export function changeMessage(change: ObjectChange, configurationId: string, details: ChangeDetails): string {
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: details.region,
    eventTime: details.time.toISOString(),
    eventName: change.eventName,
    userIdentity: { principalId: 'AWS:LOCAL' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': details.requestId, 'x-amz-id-2': 'local' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: {
        name: change.bucket,
        ownerIdentity: { principalId: 'LOCAL' },
        arn: `arn:aws:s3:::${change.bucket}`,
      },
      object: { key: formEncode(change.key), ...details.object, sequencer: details.sequencer },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** The body of the message that S3 sends once to every queue of a new configuration. */
export function testMessage(bucket: string, time: Date, requestId: string): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: time.toISOString(),
    Bucket: bucket,
    RequestId: requestId,
    HostId: 'local',
  });
}

/** S3 encodes keys as forms do (a space is `+`), and leaves the slashes. */
export function formEncode(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}

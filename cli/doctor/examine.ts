import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { GetBucketNotificationConfigurationCommand, type S3Client } from '@aws-sdk/client-s3';
import { listWith } from '../../lambda/bucket/list-objects';
import { readDistribution } from '../../lambda/cloudfront/read-distribution';
import type { Distribution } from '../../lambda/distribution/distribution';
import { because, failureOf } from '../failure';

/** What was found out: a value, or why it is not known. */
export type Answer<T> = { readonly value: T } | { readonly failure: string };

/** What a bucket tells of its changes, and to whom. */
export interface Notifications {
  readonly destinations: readonly Destination[];
  /** Whether EventBridge hears of all of them. */
  readonly eventBridge: boolean;
}

export interface Destination {
  readonly kind: 'queue' | 'topic' | 'function';
  readonly arn: string;
  readonly events: readonly string[];
}

/** All that the doctor looks at. */
export interface Examination {
  readonly distribution: Distribution;
  /** The first keys of the bucket. */
  readonly keys: Answer<readonly string[]>;
  readonly notifications: Answer<Notifications>;
}

/** For all calls, in ms. */
const LONGEST = 15_000;

/**
 * Looks at a distribution and a bucket behind it. What of the bucket cannot be read is a value.
 *
 * @throws CallFailure when the distribution cannot be read: then nothing can be said
 */
export async function examine(
  { bucket, distribution }: { readonly bucket: string; readonly distribution: string },
  clients: { readonly cloudFront: CloudFrontClient; readonly s3: S3Client },
): Promise<Examination> {
  const signal = AbortSignal.timeout(LONGEST);
  const page = { bucket, prefix: '', startAfter: '', maxKeys: 1000 };
  const read = await readDistribution(clients.cloudFront, distribution, signal).catch(
    because(`Distribution ${distribution} can't be read`),
  );
  const [keys, notifications] = await Promise.all([
    answer(listWith(clients.s3)(page, signal).then(({ objects }) => objects.map(({ key }) => key))),
    answer(readNotifications(clients.s3, bucket, signal)),
  ]);
  return { distribution: read, keys, notifications };
}

async function answer<T>(promise: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

async function readNotifications(s3: S3Client, bucket: string, abortSignal: AbortSignal): Promise<Notifications> {
  const command = new GetBucketNotificationConfigurationCommand({ Bucket: bucket });
  const { QueueConfigurations, TopicConfigurations, LambdaFunctionConfigurations, EventBridgeConfiguration } =
    await s3.send(command, { abortSignal });
  const to = (kind: Destination['kind'], arn = '', events: readonly string[] = []) => ({ kind, arn, events });
  return {
    destinations: [
      ...(QueueConfigurations ?? []).map(({ QueueArn, Events }) => to('queue', QueueArn, Events)),
      ...(TopicConfigurations ?? []).map(({ TopicArn, Events }) => to('topic', TopicArn, Events)),
      ...(LambdaFunctionConfigurations ?? []).map(({ LambdaFunctionArn, Events }) =>
        to('function', LambdaFunctionArn, Events),
      ),
    ],
    eventBridge: EventBridgeConfiguration !== undefined,
  };
}

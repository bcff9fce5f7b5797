import {
  CreateBucketCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { StackModel } from './template/stack-model';

/**
 * Creates the stack's queues, buckets and notifications, in the order in which AWS takes them.
 *
 * @param populate called when the buckets are there and nothing watches them yet
 */
export async function createResources(
  model: StackModel,
  s3: S3Client,
  sqs: SQSClient,
  populate: () => Promise<void> | undefined,
): Promise<void> {
  const deadLettersFirst = model.queues.toSorted(
    (a, b) => Number('RedrivePolicy' in a.attributes) - Number('RedrivePolicy' in b.attributes),
  );
  for (const { name, attributes } of deadLettersFirst) {
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  }
  for (const bucket of model.buckets) await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await populate();
  for (const { bucket, configuration } of model.notifications) {
    // CDK's custom resource passes it on to S3 as it is, too.
    const NotificationConfiguration = configuration as NotificationConfiguration;
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }));
  }
}

import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { StackModel } from './template/stack-model';

/** The services that the stack's resources are created in. */
export interface ServiceClients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  /** @default - the stack has no table */
  readonly dynamoDB?: DynamoDBClient;
}

/** What of a bucket's policy counts here. */
const LISTABLE = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:ListBucket' }] };

/** Seconds that a table may take; dynalite needs none. */
const LONGEST_CREATION = 10;

/**
 * Creates the stack's tables, queues, buckets and notifications, in the order in which AWS takes them.
 *
 * @param populate called when the buckets are there and nothing watches them yet
 */
export async function createResources(
  model: StackModel,
  { s3, sqs, dynamoDB }: ServiceClients,
  populate: () => Promise<void> | undefined,
): Promise<void> {
  if (dynamoDB) await createTables(model, dynamoDB);
  const deadLettersFirst = model.queues.toSorted(
    (a, b) => Number('RedrivePolicy' in a.attributes) - Number('RedrivePolicy' in b.attributes),
  );
  for (const { name, attributes } of deadLettersFirst) {
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  }
  for (const bucket of model.buckets) await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const bucket of model.listableBuckets) {
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(LISTABLE) }));
  }
  await populate();
  for (const { bucket, configuration } of model.notifications) {
    // CDK's custom resource passes it on to S3 as it is, too.
    const NotificationConfiguration = configuration as NotificationConfiguration;
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }));
  }
}

async function createTables({ tables }: StackModel, client: DynamoDBClient): Promise<void> {
  for (const { name, definition } of tables) {
    const table = { TableName: name };
    await client.send(new CreateTableCommand({ ...table, ...definition } as CreateTableCommandInput));
    await waitUntilTableExists({ client, maxWaitTime: LONGEST_CREATION, minDelay: 1, maxDelay: 1 }, table);
  }
}

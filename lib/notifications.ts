import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BucketNotificationDestinationType, EventType, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** Everything that changes what a viewer is served. ObjectRemoved leaves out what lifecycle rules delete. */
const CHANGES = [EventType.OBJECT_CREATED, EventType.OBJECT_REMOVED, EventType.LIFECYCLE_EXPIRATION];

/**
 * Sends a notification to the queue for every change in the bucket. CDK's own `SqsDestination` trusts the bucket's ARN
 * alone; names of deleted buckets can be taken by other accounts, so the account is a condition too:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function notifyOfChanges(bucket: IBucket, queue: Queue): void {
  const { policyDependable } = queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        ArnEquals: { 'aws:SourceArn': bucket.bucketArn },
        StringEquals: { 'aws:SourceAccount': bucket.env.account },
      },
    }),
  );
  const destination = {
    bind: () => ({
      type: BucketNotificationDestinationType.QUEUE,
      arn: queue.queueArn,
      // S3 tries the permission when it takes the configuration.
      dependencies: policyDependable ? [policyDependable] : [],
    }),
  };
  for (const change of CHANGES) bucket.addEventNotification(change, destination);
}

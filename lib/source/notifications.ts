import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BucketNotificationDestinationType, EventType } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IDependable } from 'constructs';
import type { WatchedBucket } from './change-source';

/** Everything that changes what a viewer is served. ObjectRemoved leaves out what lifecycle rules delete. */
const CHANGES = [EventType.OBJECT_CREATED, EventType.OBJECT_REMOVED, EventType.LIFECYCLE_EXPIRATION];

/**
 * Sends a notification to the queue for every change in the buckets. CDK's own `SqsDestination` trusts a bucket's ARN alone;
 * names of deleted buckets can be taken by other accounts, so the account is a condition too
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html), and it takes a statement for each bucket, of
 * which a queue's policy holds twenty.
 */
export function notifyOfChanges(watched: readonly WatchedBucket[], queue: Queue): void {
  const dependencies: IDependable[] = [];
  const buckets = watched.map(({ bucket }) => bucket);
  for (const account of new Set(buckets.map((bucket) => bucket.env.account))) {
    const arns = buckets.filter((bucket) => bucket.env.account === account).map((bucket) => bucket.bucketArn);
    const { policyDependable } = queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': arns }, StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    if (policyDependable) dependencies.push(policyDependable);
  }
  const destination = {
    // S3 tries the permission when it takes the configuration.
    bind: () => ({ type: BucketNotificationDestinationType.QUEUE, arn: queue.queueArn, dependencies }),
  };
  for (const { bucket, prefixes } of watched) {
    for (const prefix of prefixes) {
      const filters = prefix === '' ? [] : [{ prefix: formEncode(prefix) }];
      for (const change of CHANGES) bucket.addEventNotification(change, destination, ...filters);
    }
  }
}

/**
 * S3 takes filters as forms encode them, all but its safe characters and the slash:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
export function formEncode(prefix: string): string {
  return encodeURIComponent(prefix).replaceAll('%20', '+').replaceAll('%2F', '/').replaceAll('~', '%7E');
}

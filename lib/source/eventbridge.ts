import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { REQUESTED } from '../../lambda/contract/requests';
import { isOwned } from '../ownership';
import type { WatchedBucket } from './change-source';

/** Everything that changes what a viewer is served; what lifecycle rules delete is among the deleted. */
const CHANGES = ['Object Created', 'Object Deleted'];

/**
 * Sends an event of EventBridge to the queue for every change in the buckets, by a rule for each, and for what other apps request. An
 * imported bucket is not touched; whoever owns it switches EventBridge on.
 *
 * @returns the queue of what could not be delivered, which would be lost without. It is under SQS's own key, so that it takes what
 * another key denied
 */
export function passOnEvents(
  scope: Construct,
  watched: readonly WatchedBucket[],
  requests: boolean,
  queue: Queue,
): IQueue | undefined {
  if (watched.length === 0 && !requests) return undefined;
  const undelivered = new Queue(scope, 'UndeliveredEvents', { enforceSSL: true, retentionPeriod: Duration.days(14) });
  const deadLetterConfig = { arn: undelivered.queueArn };
  // CDK's own target grants each rule by itself, and a queue's policy holds twenty statements.
  const target = { bind: () => ({ arn: queue.queueArn, targetResource: queue, deadLetterConfig }) };
  const rules = watched.map(({ bucket, prefixes }) => {
    if (isOwned(bucket)) bucket.enableEventBridgeNotification();
    return new Rule(scope, `ChangesOf${bucket.node.id}${bucket.node.addr.slice(-8)}`, {
      description: 'Tells the invalidator what changes in S3',
      eventPattern: {
        source: ['aws.s3'],
        detailType: CHANGES,
        detail: {
          bucket: { name: [bucket.bucketName] },
          ...(!prefixes.includes('') && { object: { key: prefixes.map((prefix) => ({ prefix })) } }),
        },
      },
      targets: [target],
    });
  });
  if (requests) {
    rules.push(
      new Rule(scope, 'Requests', {
        description: 'Tells the invalidator what other apps want invalidated',
        eventPattern: { detailType: [REQUESTED] },
        targets: [target],
      }),
    );
  }
  for (const each of [queue, undelivered]) {
    each.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [each.queueArn],
        conditions: {
          ArnEquals: { 'aws:SourceArn': rules.map((rule) => rule.ruleArn) },
          StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
        },
      }),
    );
  }
  return undelivered;
}

import { Duration } from 'aws-cdk-lib';
import { Queue, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The longest that CloudFront may refuse everything without a single message reaching the dead-letter queue. */
const LONGEST_OUTAGE = Duration.hours(6);

/** The queue of the notifications, and the one for what could not be invalidated at all. */
export function makeQueues(
  scope: Construct,
  visibilityTimeout: Duration,
  encryption: Partial<QueueProps>,
): { readonly queue: Queue; readonly deadLetterQueue: Queue } {
  const deadLetterQueue = new Queue(scope, 'DeadLetterQueue', {
    ...encryption,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  const queue = new Queue(scope, 'Queue', {
    ...encryption,
    enforceSSL: true,
    visibilityTimeout,
    deadLetterQueue: {
      queue: deadLetterQueue,
      // Half as many again as an outage spends: redeliveries are approximate.
      maxReceiveCount: Math.ceil((1.5 * LONGEST_OUTAGE.toSeconds()) / visibilityTimeout.toSeconds()),
    },
  });
  return { queue, deadLetterQueue };
}

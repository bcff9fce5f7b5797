import { Duration } from 'aws-cdk-lib';
import { Queue, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { maxReceiveCountFor } from './timing';

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
      maxReceiveCount: maxReceiveCountFor(visibilityTimeout.toSeconds()),
    },
  });
  return { queue, deadLetterQueue };
}

import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueModel } from '../template/stack-model';

/** How many messages SQS has. */
export interface QueueDepth {
  readonly visible: number;
  /** Received, and neither deleted nor visible again. */
  readonly received: number;
  readonly dead: number;
}

/** Asks SQS for the approximate numbers of messages, as CloudWatch would show them. */
export async function queueDepth(sqs: SQSClient, queue: QueueModel, deadLetterQueue: QueueModel): Promise<QueueDepth> {
  const [live, dead] = await Promise.all([attributes(sqs, queue), attributes(sqs, deadLetterQueue)]);
  return { visible: live.visible, received: live.received, dead: dead.visible + dead.received };
}

async function attributes(sqs: SQSClient, { url }: QueueModel): Promise<{ visible: number; received: number }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    received: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}

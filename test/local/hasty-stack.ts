import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { type LocalStackOptions, startLocalStack } from '../../local/local-stack';
import { eventually } from './eventually';

/**
 * The local stack, in which what is to be retried is visible again at once: the tests wait for no visibility timeout, so that it can
 * be longer than anything takes, and nothing is retried because the machine was slow.
 */
export async function startHastyStack(options: LocalStackOptions) {
  const count = { invoked: 0, processed: 0 };
  const stack = await startLocalStack({
    ...options,
    onEvent(event) {
      if (event.kind === 'invoked' || event.kind === 'processed') count[event.kind] += 1;
      options.onEvent?.(event);
      // A stack that stops takes no more of it.
      if (event.kind === 'processed') showAgain(event.returned).catch(() => {});
    },
  });
  const { sqs, queue, deadLetterQueue } = stack;

  async function showAgain(records: readonly SQSRecord[]): Promise<void> {
    for (const ten of tens(records)) {
      const Entries = ten.map(({ receiptHandle }, at) => ({
        Id: `${at}`,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      }));
      await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue.url, Entries }));
    }
  }

  async function countOf(QueueUrl: string): Promise<number> {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: received } = Attributes ?? {};
    return Number(visible) + Number(received);
  }

  return {
    ...stack,
    showAgain,
    async send(bodies: readonly string[]): Promise<void> {
      for (const ten of tens(bodies)) {
        const Entries = ten.map((MessageBody, at) => ({ Id: `${at}`, MessageBody }));
        const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
        if (Failed.length > 0) throw new Error(`SQS refuses a message: ${Failed[0]?.Message}`);
      }
    },
    /** Resolves when every message is either deleted or in the dead-letter queue, with those; it takes them out. */
    async settled(patience?: number): Promise<string[]> {
      await eventually(
        () => countOf(queue.url),
        (left) => left === 0 && count.invoked === count.processed,
        patience,
      );
      const dead: string[] = [];
      while ((await countOf(deadLetterQueue.url)) > 0) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLetterQueue.url }));
        for (const { Body = '', ReceiptHandle } of Messages) {
          dead.push(Body);
          await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetterQueue.url, ReceiptHandle }));
        }
      }
      return dead;
    },
  };
}

export type HastyStack = Awaited<ReturnType<typeof startHastyStack>>;

function tens<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / 10) }, (_, at) => all.slice(10 * at, 10 * at + 10));
}

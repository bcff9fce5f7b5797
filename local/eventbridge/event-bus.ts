import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ObjectChanged } from '../s3-sqs/start';
import { queueOf } from '../template/site';
import type { StackModel } from '../template/stack-model';
import { s3Event } from './event';
import { matches } from './pattern';

/**
 * EventBridge's default bus, between S3 and the queues: gives the targets of each rule what matches its pattern.
 *
 * @returns what takes a change of a bucket that has EventBridge switched on
 */
export function eventBus(model: StackModel, sqs: SQSClient): (change: ObjectChanged) => Promise<void> {
  return async (change) => {
    const event = s3Event(change);
    const rules = model.rules.filter(({ pattern }) => matches(event, pattern));
    for (const arn of rules.flatMap(({ targetArns }) => targetArns)) {
      const message = { QueueUrl: queueOf(model, arn).url, MessageBody: JSON.stringify(event) };
      await sqs.send(new SendMessageCommand(message));
    }
  };
}

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
      const message = { QueueUrl: queueOf(model, arn).url, MessageBody: asciiJson(event) };
      await sqs.send(new SendMessageCommand(message));
    }
  };
}

/** The same JSON in ASCII: the local SQS takes no character past U+FFFF, which the real one does. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

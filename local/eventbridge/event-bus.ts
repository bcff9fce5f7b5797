import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { queueOf } from '../template/site';
import type { StackModel } from '../template/stack-model';
import type { BusEvent } from './event';
import { matches } from './pattern';

/**
 * EventBridge's buses, between what tells and the queues: give the targets of each rule what matches its pattern.
 *
 * @returns what takes an event of a bus
 */
export function eventBuses(model: StackModel, sqs: SQSClient): (event: BusEvent, bus: string) => Promise<void> {
  return async (event, bus) => {
    const rules = model.rules.filter((rule) => rule.bus === bus && matches(event, rule.pattern));
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

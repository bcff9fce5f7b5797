import { OptionError } from './option-error';

/** The rules of the options of the monitoring. */

/** Without alarms, their options would have no effect. Takes these by their names. */
export function checkUnusedWithoutMonitoring(options: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(options)) {
    if (value !== undefined) {
      throw new OptionError(option, 'must be left out without monitoring, which makes the alarms', value);
    }
  }
}

/** Alarms cannot tell a FIFO topic. */
export function checkTopic<T extends { readonly fifo: boolean; readonly topicName: string }>(topic: T): T {
  if (typeof topic.topicName !== 'string') throw new OptionError('alarmTopic', 'must be an SNS topic', topic);
  if (topic.fifo) throw new OptionError('alarmTopic', 'must be a standard SNS topic', topic.topicName);
  return topic;
}

/** The ARN of a standard topic: alarms cannot tell a FIFO one. */
export function checkTopicArn(value: string, option = 'alarmTopic'): string {
  if (!/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(value)) {
    throw new OptionError(option, 'must be the ARN of a standard SNS topic', value);
  }
  return value;
}

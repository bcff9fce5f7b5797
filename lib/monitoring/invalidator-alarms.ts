import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * The alarms of an invalidator. Add actions with `addAlarmAction()`. Change what CDK has no method for, such as the threshold, in
 * the alarm's `CfnAlarm`, its `node.defaultChild`.
 */
export interface InvalidatorAlarms {
  /** A message is in the dead-letter queue. */
  readonly deadLetters: Alarm;

  /**
   * EventBridge could not deliver an event to the queue.
   *
   * @default - none: there is no rule of EventBridge
   */
  readonly undeliveredEvents?: Alarm;

  /** A message that no retry can fix: it is malformed, or CloudFront rejects its path. */
  readonly rejectedMessages: Alarm;

  /** Changes were stale for too long when CloudFront accepted their invalidation. */
  readonly staleness: Alarm;

  /** CloudFront has not accepted what messages need for half an hour. */
  readonly persistentErrors: Alarm;

  /** CloudFront denies access, or the distribution does not exist. */
  readonly configurationErrors: Alarm;

  /** The function crashed, or ran out of time or memory. */
  readonly functionErrors: Alarm;

  /** A message has waited in the queue for too long. */
  readonly backlog: Alarm;

  /** More paths in a day than `pathsPerDayBudget`. */
  readonly pathsPerDay: Alarm;
}

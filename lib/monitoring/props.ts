import type { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** What is watched, and how closely. */
export interface MonitoringProps {
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  /** Of EventBridge, if there is a rule. */
  readonly undeliveredEvents?: IQueue | undefined;
  readonly function: IFunction;
  readonly logGroup: ILogGroup;
  /** After which a message that could not be done is received again. */
  readonly visibilityTimeout: Duration;
  readonly maxBatchingWindow: Duration;
  /** Undefined: no limit. */
  readonly maxPathsPerDay?: number;
  /** Whether completion is followed. */
  readonly hasEvents: boolean;
  readonly pathsPerDayBudget: number;
  /** Is told when an alarm goes off, and when it is over. */
  readonly alarmTopic?: ITopic;
}

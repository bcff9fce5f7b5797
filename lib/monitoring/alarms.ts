import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  type Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { API_ERRORS, AS_IT_HAPPENS, EVERY_BATCH } from '../../lambda/contract/metric-names';
import { DOLLARS_PER_PATH } from '../../lambda/contract/pricing';
import { FUNCTION_TIMEOUT } from '../timing';
import type { InvalidatorAlarms } from './invalidator-alarms';
import { metricOf } from './metric';
import type { MonitoringProps } from './props';
import { RUNBOOKS } from './runbooks';

interface AlarmRule {
  readonly metric: IMetric;
  /** The most that is no cause for alarm. */
  readonly most: number;
  /** What it means, and why that much. */
  readonly why: string;
  /** The heading of the runbook. */
  readonly runbook: string;
  /** Periods that are looked at. @default 1 */
  readonly within?: number;
  /** Of these, how many must be over the threshold. @default 1 */
  readonly breaching?: number;
  /** What it means that there is no data. @default - that all is well */
  readonly missing?: TreatMissingData;
}

/** The rule of each alarm. */
type AlarmRules = { readonly [Name in keyof InvalidatorAlarms]: AlarmRule };

/** How soon one is told of what must be looked at. */
const SOON = Duration.minutes(5);

/** Of staleness. */
const QUARTER = Duration.minutes(15);

/** After so many minutes of refusals, they are no passing ones. */
const LASTING = 30;

/** With little traffic, Lambda gathers a batch for so many seconds, whatever its window. */
const LONGEST_POLL = 20;

/** After so many seconds CloudWatch knows what the function emits. Until then its newest period seems to be empty. */
const LATEST_DATA = 60;

/**
 * The alarms, all of them on: none fires while all is well. CloudWatch evaluates them every minute, over periods that
 * end then, so that two failures with any time between them fall into two periods next to each other:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
export function makeAlarms(scope: Construct, props: MonitoringProps): InvalidatorAlarms {
  const alarms = Object.entries(rulesOf(props)).map(([name, rule]) => {
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    return [name, makeAlarm(scope, id, rule, props.alarmTopic)];
  });
  return Object.fromEntries(alarms);
}

function makeAlarm(scope: Construct, id: string, rule: AlarmRule, topic: ITopic | undefined): Alarm {
  const { metric, most, why, runbook, within = 1, breaching = 1, missing } = rule;
  const alarm = new Alarm(scope, id, {
    metric,
    threshold: most,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: within,
    datapointsToAlarm: breaching,
    treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    alarmDescription: `${why} Runbook: ${RUNBOOKS}#${anchorOf(runbook)} of the package cloudfront-invalidator.`,
  });
  if (topic) {
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
  return alarm;
}

function rulesOf(props: MonitoringProps): AlarmRules {
  const { queue, deadLetterQueue, undeliveredEvents, function: invalidator, pathsPerDayBudget, maxPathsPerDay } = props;
  const visibility = props.visibilityTimeout.toSeconds();
  const window = props.maxBatchingWindow.toSeconds();
  const stale = window + 3 * visibility;
  const unread = 4 * visibility;
  // From early in one invocation to late in the next one that receives the message.
  const retryGap = visibility + Math.max(window, LONGEST_POLL) + FUNCTION_TIMEOUT;
  const untilRetried = Math.ceil(retryGap / SOON.toSeconds()) + 1;
  const refused = refusalPeriods(retryGap);
  return {
    deadLetters: {
      runbook: 'Dead letters',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: SOON }),
      most: 0,
      // Of a queue that nobody uses, SQS tells nothing after six hours, whatever it holds.
      missing: TreatMissingData.IGNORE,
      why: 'Changes were given up, and may be stale until somebody sends them back. One is too many.',
    },
    ...(undeliveredEvents && {
      undeliveredEvents: {
        runbook: 'Undelivered events',
        metric: undeliveredEvents.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: SOON }),
        most: 0,
        missing: TreatMissingData.IGNORE,
        why: 'EventBridge gave up changes, which it could not deliver to the queue. They may be stale until somebody sends them on. One is too many.',
      },
    }),
    rejectedMessages: {
      runbook: 'Rejected messages',
      metric: metricOf(invalidator, AS_IT_HAPPENS.rejectedMessages, { period: SOON }),
      most: 0,
      within: untilRetried,
      why: 'A message is malformed, or CloudFront rejects its path. No retry can fix that, so one is too many: it is retried until it is a dead letter.',
    },
    staleness: {
      runbook: 'Staleness',
      metric: metricOf(invalidator, AS_IT_HAPPENS.staleness, { statistic: Stats.p(99), period: QUARTER }),
      most: stale,
      why: `Changes were stale for more than ${stale} s when CloudFront accepted their invalidation: the batching window and three visibility timeouts, so they were retried at least three times.`,
    },
    persistentErrors: {
      runbook: 'Persistent errors',
      metric: zeroIfMissing(metricOf(invalidator, AS_IT_HAPPENS.retriedMessages, { period: refused.period })),
      most: 0,
      within: refused.count,
      breaching: refused.count,
      why: `For half an hour CloudFront has not accepted what messages need, and they are retried. Each is received again within ${refused.period.toMinutes()} minutes, so refusals in each of ${refused.count} such periods are no passing failure. After six hours the first are given up.`,
    },
    configurationErrors: {
      runbook: 'Configuration errors',
      metric: metricOf(invalidator, API_ERRORS.configuration, { period: SOON }),
      most: 0,
      within: untilRetried,
      why: 'CloudFront denies access, or does not know the distribution. Nothing passes until somebody fixes that, so one is too many.',
    },
    functionErrors: {
      runbook: 'Function errors',
      metric: invalidator.metricErrors({ period: SOON }),
      most: 0,
      within: untilRetried,
      why: 'The function crashed, ran out of time or memory, or does not start. It does not fail by itself, whatever CloudFront does, so one is too many. Its messages are retried.',
    },
    backlog: {
      runbook: 'Backlog',
      metric: queue.metricApproximateAgeOfOldestMessage({ period: SOON }),
      most: unread,
      why: `A message has waited for more than ${unread} s, four visibility timeouts. Messages that were received more than three times do not count, so this one was not received: nobody reads the queue, or too slowly.`,
    },
    pathsPerDay: {
      runbook: 'Paths per day',
      metric: zeroIfMissing(metricOf(invalidator, EVERY_BATCH.invalidatedPaths, { period: Duration.days(1) })),
      most: pathsPerDayBudget,
      why: `More than ${pathsPerDayBudget} paths in a day (within 24 hours), the budget: beyond the free ones they cost $${(pathsPerDayBudget * DOLLARS_PER_PATH).toFixed(2)}.${limitOf(maxPathsPerDay)}`,
    },
  };
}

/** Periods each of which holds a retry of what keeps being refused. From the first one's end to the last one's it is half an hour. */
function refusalPeriods(retryGap: number): { readonly period: Duration; readonly count: number } {
  const minutes = Math.ceil((retryGap + LATEST_DATA) / 60);
  return { period: Duration.minutes(minutes), count: Math.round(LASTING / minutes) + 1 };
}

/** Where a metric has gaps, an alarm evaluates older data again, as though no time had passed. */
function zeroIfMissing(metric: Metric): MathExpression {
  return new MathExpression({
    expression: 'FILL(sparse, 0)',
    usingMetrics: { sparse: metric },
    ...(metric.period && { period: metric.period }),
    label: metric.metricName,
  });
}

/** What ends the spending, if anything does. */
function limitOf(maxPathsPerDay: number | undefined): string {
  if (maxPathsPerDay === undefined) return ' Nothing limits them: maxPathsPerDay is not set.';
  return ` The most in a day (UTC) is ${maxPathsPerDay}, by maxPathsPerDay: plans become wider as they are used up, and after that each batch takes a single wildcard, so that nothing is stale.`;
}

/** The fragment that Markdown's renderers make of a heading. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(' ', '-');
}

import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { API_ERRORS, AS_IT_HAPPENS, EVERY_BATCH } from '../../lambda/contract/metric-names';
import { DOLLARS_PER_PATH } from '../../lambda/contract/pricing';
import { metricOf } from './metric';
import type { MonitoringProps } from './props';
import { RUNBOOKS } from './runbooks';

interface AlarmRule {
  readonly id: string;
  readonly metric: IMetric;
  /** The most that is no cause for alarm. */
  readonly most: number;
  /** What it means, and why that much. */
  readonly why: string;
  /** The heading of the runbook. */
  readonly runbook: string;
  /** Periods in which one over the threshold is enough. @default 1 */
  readonly within?: number;
  /** Periods in a row that must be over the threshold. @default 1 */
  readonly lasting?: number;
}

/** Five minutes: the shortest visibility timeout ends within it, so what keeps failing is received once at least. */
const SOON = Duration.minutes(5);

/** Longer than the longest visibility timeout and the longest window: what keeps failing, fails in each period. */
const LASTING = Duration.minutes(15);

/** The alarms, all of them on: none fires while all is well, and missing data counts as all being well. */
export function makeAlarms(scope: Construct, props: MonitoringProps): Alarm[] {
  return rulesOf(props).map(({ id, metric, most, why, runbook, within = 1, lasting = 1 }) => {
    const alarm = new Alarm(scope, id, {
      metric,
      threshold: most,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: Math.max(within, lasting),
      datapointsToAlarm: lasting,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${why} Runbook: ${RUNBOOKS}#${anchorOf(runbook)} of the package cloudfront-invalidator.`,
    });
    if (props.alarmTopic) {
      const action = new SnsAction(props.alarmTopic);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    return alarm;
  });
}

function rulesOf(props: MonitoringProps): AlarmRule[] {
  const { queue, deadLetterQueue, undeliveredEvents, function: invalidator, pathsPerDayBudget, maxPathsPerDay } = props;
  const visibility = props.visibilityTimeout.toSeconds();
  const stale = props.batchingWindow.toSeconds() + 2 * visibility;
  const unread = 4 * visibility;
  return [
    {
      id: 'DeadLetters',
      runbook: 'Dead letters',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: SOON }),
      most: 0,
      why: 'Changes were given up, and may be stale until somebody sends them back. One is too many.',
    },
    ...[undeliveredEvents ?? []].flat().map((undelivered) => ({
      id: 'UndeliveredEvents',
      runbook: 'Undelivered events',
      metric: undelivered.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: SOON }),
      most: 0,
      why: 'EventBridge gave up changes, which it could not deliver to the queue. They may be stale until somebody sends them on. One is too many.',
    })),
    {
      id: 'RejectedMessages',
      runbook: 'Rejected messages',
      metric: metricOf(invalidator, AS_IT_HAPPENS.rejectedMessages, { period: SOON }),
      most: 0,
      within: 3,
      why: 'A message is malformed, or CloudFront rejects its path. No retry can fix that, so one is too many: it is retried until it is a dead letter.',
    },
    {
      id: 'Staleness',
      runbook: 'Staleness',
      metric: metricOf(invalidator, AS_IT_HAPPENS.staleness, { statistic: Stats.p(99), period: LASTING }),
      most: stale,
      why: `Changes were stale for more than ${stale} s when CloudFront accepted their invalidation: the batching window and two visibility timeouts, so they were retried at least twice.`,
    },
    {
      id: 'PersistentErrors',
      runbook: 'Persistent errors',
      metric: metricOf(invalidator, AS_IT_HAPPENS.retriedMessages, { period: LASTING }),
      most: 0,
      lasting: 2,
      why: 'For half an hour CloudFront has not accepted what messages need, and they are retried. Each is received again within 15 minutes, so two such periods are no passing failure. After six hours the first are given up.',
    },
    {
      id: 'ConfigurationErrors',
      runbook: 'Configuration errors',
      metric: metricOf(invalidator, API_ERRORS.configuration, { period: SOON }),
      most: 0,
      within: 3,
      why: 'CloudFront denies access, or does not know the distribution. Nothing passes until somebody fixes that, so one is too many.',
    },
    {
      id: 'FunctionErrors',
      runbook: 'Function errors',
      metric: invalidator.metricErrors({ period: SOON }),
      most: 0,
      within: 3,
      why: 'The function crashed, ran out of time or memory, or does not start. It does not fail by itself, whatever CloudFront does, so one is too many. Its messages are retried.',
    },
    {
      id: 'Backlog',
      runbook: 'Backlog',
      metric: queue.metricApproximateAgeOfOldestMessage({ period: SOON }),
      most: unread,
      why: `A message has waited for more than ${unread} s, four visibility timeouts. Messages that were received more than three times do not count, so this one was not received: nobody reads the queue, or too slowly.`,
    },
    {
      id: 'PathsPerDay',
      runbook: 'Paths per day',
      metric: metricOf(invalidator, EVERY_BATCH.invalidatedPaths, { period: Duration.days(1) }),
      most: pathsPerDayBudget,
      why: `More than ${pathsPerDayBudget} paths in a day, the budget: beyond the free ones they cost $${(pathsPerDayBudget * DOLLARS_PER_PATH).toFixed(2)}.${limitOf(maxPathsPerDay)}`,
    },
  ];
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

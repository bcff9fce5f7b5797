import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  MathExpression,
  type MetricOptions,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { API_ERRORS, AS_IT_HAPPENS, EVERY_BATCH } from '../../lambda/contract/metric-names';
import { DOLLARS_PER_PATH, FREE_PATHS_A_MONTH } from '../../lambda/contract/pricing';
import { type MetricName, metricOf } from './metric';
import type { MonitoringProps } from './props';
import { RUNBOOKS } from './runbooks';

/** What one looks at: is anything wrong, what comes and goes, how stale, how far behind, what fails, what it costs. */
export function makeDashboard(scope: Construct, props: MonitoringProps, alarms: Alarm[]): Dashboard {
  const { queue, deadLetterQueue, function: invalidator, hasEvents } = props;
  const metric = (name: MetricName, options?: MetricOptions) => metricOf(invalidator, name, options);
  const metrics = (names: Readonly<Record<string, MetricName>>) => Object.values(names).map((name) => metric(name));
  const percentiles = (name: MetricName) =>
    [Stats.p(50), Stats.p(99)].map((statistic) => metric(name, { statistic, label: `${statistic}, s` }));
  return new Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.days(1),
    widgets: [
      [
        new AlarmStatusWidget({ title: 'Alarms', alarms, width: 18, height: 3 }),
        new TextWidget({
          markdown: `**What to do:** ${RUNBOOKS} of the package cloudfront-invalidator.\n\n**Why is it stale?** Logs Insights, saved queries, ${scope.node.scope?.node.path}.`,
          width: 6,
          height: 3,
        }),
      ],
      [
        graph('Arrivals', [metric(EVERY_BATCH.messages), metric(EVERY_BATCH.changes)], {
          right: [metric(EVERY_BATCH.invalidations), metric(EVERY_BATCH.invalidatedPaths)],
          rightYAxis: { label: 'Invalidations', min: 0 },
        }),
        graph(
          'Staleness when accepted, of the oldest change of each invalidation',
          percentiles(AS_IT_HAPPENS.staleness),
        ),
        graph('Backlog', [queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM })], {
          right: [
            queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, label: 'Age of the oldest, s' }),
          ],
          rightYAxis: { min: 0 },
        }),
      ],
      [
        graph('API errors by cause', metrics(API_ERRORS), { stacked: true }),
        graph('Retried messages', [metric(AS_IT_HAPPENS.retriedMessages), metric(AS_IT_HAPPENS.rejectedMessages)]),
        graph('Dead letters, function errors, invocations without the ledger', [
          deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, label: 'Dead letters' }),
          invalidator.metricErrors(),
          metric(AS_IT_HAPPENS.ledgerUnavailable),
        ]),
      ],
      [
        monthToDate(props),
        graph(
          'What the plans saved',
          [metric(EVERY_BATCH.coveredChanges), metric(EVERY_BATCH.wildcards), metric(AS_IT_HAPPENS.budgetExhausted)],
          {
            right: [metric(EVERY_BATCH.evictedObjects), metric(EVERY_BATCH.listedPages)],
            rightYAxis: { label: 'What that took', min: 0 },
          },
        ),
      ],
      ...(hasEvents
        ? [
            [
              graph(
                'Time to fresh, from the oldest change of each invalidation until its completion was seen',
                percentiles(AS_IT_HAPPENS.timeToFresh),
              ),
            ],
          ]
        : []),
    ],
  });
}

function graph(title: string, left: GraphWidgetProps['left'], others: Partial<GraphWidgetProps> = {}): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6, leftYAxis: { min: 0 }, ...others });
}

/** CloudWatch has no range that begins with the month: of the last 31 days, those of the latest month count. */
function monthToDate({ function: invalidator }: MonitoringProps): GraphWidget {
  const period = Duration.days(1);
  const month = '12 * YEAR(daily) + MONTH(daily)';
  const paths = new MathExpression({
    expression: `RUNNING_SUM(IF(${month} == MAX(${month}), FILL(daily, 0), 0))`,
    usingMetrics: { daily: metricOf(invalidator, EVERY_BATCH.invalidatedPaths, { period }) },
    label: 'Paths',
    period,
  });
  const dollars = new MathExpression({
    expression: `IF(paths > ${FREE_PATHS_A_MONTH}, (paths - ${FREE_PATHS_A_MONTH}) * ${DOLLARS_PER_PATH}, 0)`,
    usingMetrics: { paths },
    label: 'Dollars',
    period,
  });
  return new GraphWidget({
    title: 'Paths of this month, and what they cost if the account has no others',
    left: [paths],
    leftYAxis: { min: 0 },
    leftAnnotations: [{ value: FREE_PATHS_A_MONTH, label: 'Free, of the whole account' }],
    right: [dollars],
    rightYAxis: { min: 0, label: '$' },
    start: '-P31D',
    width: 16,
    height: 6,
  });
}

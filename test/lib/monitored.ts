import type { Template } from 'aws-cdk-lib/assertions';
import { only } from './templates';

/** A metric by its name. */
interface ShownMetric {
  readonly namespace: string;
  readonly name: string;
}

/** The metrics that the graphs of the dashboard show. */
export function metricsOnDashboard(template: Template): ShownMetric[] {
  return widgetsOf(template).flatMap(({ properties: { metrics = [] } }) =>
    metrics.flatMap(([namespace, name]) => (typeof name === 'string' ? [{ namespace: String(namespace), name }] : [])),
  );
}

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly [name: string]: unknown;
  };
}

/** The widgets of the dashboard, with a word in the place of what is known at the deployment. */
export function widgetsOf(template: Template): Widget[] {
  const { DashboardBody } = only(template, 'AWS::CloudWatch::Dashboard');
  const [, parts] = (DashboardBody as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'known-at-deployment')).join('')).widgets;
}

/** The metrics that alarms watch. */
export function metricsOfAlarms(template: Template): ShownMetric[] {
  return Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => {
    const { Namespace, MetricName } = watchedBy(Properties);
    return { namespace: Namespace, name: MetricName };
  });
}

/** The metric of an alarm, as an alarm without an expression states it. */
interface WatchedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: object }[];
  readonly Period: number;
  readonly statistic: string;
  /** Undefined: the metric as it is. */
  readonly expression: string | undefined;
}

/** What an alarm watches, if by an expression, too. */
export function watchedBy(properties: Readonly<Record<string, unknown>>): WatchedMetric {
  const { Metrics, Statistic, ExtendedStatistic } = properties;
  const plain = { ...properties, statistic: Statistic ?? ExtendedStatistic, expression: undefined };
  if (!Metrics) return plain as unknown as WatchedMetric;
  const queries = Metrics as { Expression?: string; MetricStat?: { Metric: object; Period: number; Stat: string } }[];
  const [metric, ...others] = queries.flatMap(({ MetricStat }) => MetricStat ?? []);
  if (!metric || others.length > 0) throw new Error('An alarm of more than one metric');
  const expression = queries.find(({ Expression }) => Expression)?.Expression;
  return { ...metric.Metric, Period: metric.Period, statistic: metric.Stat, expression } as WatchedMetric;
}

/** The texts of the saved queries, by their names without the folder. */
export function queriesIn(template: Template): Record<string, string> {
  const saved = Object.values(template.findResources('AWS::Logs::QueryDefinition'));
  return Object.fromEntries(
    saved.map(({ Properties: { Name, QueryString } }) => [Name.split('/').at(-1), QueryString]),
  );
}

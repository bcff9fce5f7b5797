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
  return Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => ({
    namespace: Properties.Namespace,
    name: Properties.MetricName,
  }));
}

/** The texts of the saved queries, by their names without the folder. */
export function queriesIn(template: Template): Record<string, string> {
  const saved = Object.values(template.findResources('AWS::Logs::QueryDefinition'));
  return Object.fromEntries(
    saved.map(({ Properties: { Name, QueryString } }) => [Name.split('/').at(-1), QueryString]),
  );
}

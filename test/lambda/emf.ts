import { DIMENSION, NAMESPACE } from '../../lambda/metric-names';

/** A metric as CloudWatch takes it out of a line: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
interface EmfLine extends Record<string, unknown> {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

/**
 * The values of each metric in some lines of a log, other lines being none.
 *
 * @throws Error where CloudWatch would find no metric of ours
 */
export function metricsIn(lines: readonly Readonly<Record<string, unknown>>[]): Record<string, number[]> {
  const values: Record<string, number[]> = {};
  for (const line of lines.filter((each): each is EmfLine => '_aws' in each)) {
    for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      if (Namespace !== NAMESPACE) throw new Error(`Another namespace: ${Namespace}`);
      if (JSON.stringify(Dimensions) !== JSON.stringify([[DIMENSION]])) throw new Error(`Others: ${Dimensions}`);
      if (typeof line[DIMENSION] !== 'string') throw new Error('A dimension without a value');
      for (const { Name } of Metrics) {
        const found = [line[Name]].flat().filter((value) => typeof value === 'number');
        if (found.length === 0 || found.length > 100) throw new Error(`${found.length} values of ${Name}`);
        values[Name] = [...(values[Name] ?? []), ...found];
      }
    }
  }
  return values;
}

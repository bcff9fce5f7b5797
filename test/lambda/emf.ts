import { AS_IT_HAPPENS, DIMENSION, NAMESPACE } from '../../lambda/contract/metric-names';

const TIMES: readonly string[] = [AS_IT_HAPPENS.staleness, AS_IT_HAPPENS.timeToFresh];

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
 * @throws Error where CloudWatch would find no metric of ours, or the alarms none of the function that wrote the lines
 */
export function metricsIn(lines: readonly Readonly<Record<string, unknown>>[]): Record<string, number[]> {
  const values: Record<string, number[]> = {};
  const functionName = lines.find((line) => 'function_name' in line)?.function_name;
  for (const line of lines.filter((each): each is EmfLine => '_aws' in each)) {
    for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      if (Namespace !== NAMESPACE) throw new Error(`Another namespace: ${Namespace}`);
      if (JSON.stringify(Dimensions) !== JSON.stringify([[DIMENSION]])) throw new Error(`Others: ${Dimensions}`);
      if (line[DIMENSION] !== functionName) throw new Error(`Of another function: ${line[DIMENSION]}`);
      for (const { Name, Unit } of Metrics) {
        if ((Unit === 'Seconds') !== TIMES.includes(Name)) throw new Error(`${Name} in ${Unit}`);
        const found = [line[Name]].flat().filter((value) => typeof value === 'number');
        if (found.length === 0 || found.length > 100) throw new Error(`${found.length} values of ${Name}`);
        values[Name] = [...(values[Name] ?? []), ...found];
      }
    }
  }
  return values;
}

import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  type API_ERRORS,
  AS_IT_HAPPENS,
  DIMENSION,
  type EVERY_BATCH,
  NAMESPACE,
} from '../../lambda/contract/metric-names';

/** The name of a metric that the function emits. */
export type MetricName = Values<typeof EVERY_BATCH> | Values<typeof AS_IT_HAPPENS> | Values<typeof API_ERRORS>;

type Values<T> = T[keyof T];

/** Metrics of times, of which the slowest matter. */
const TIMES: readonly MetricName[] = [AS_IT_HAPPENS.staleness, AS_IT_HAPPENS.timeToFresh];

/** A metric of an invalidator's function: of times the 99th percentile, of all others the sum. */
export function metricOf(emitter: IFunction, metricName: MetricName, options: MetricOptions = {}): Metric {
  return new Metric({
    statistic: TIMES.includes(metricName) ? 'p99' : 'Sum',
    ...options,
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { [DIMENSION]: emitter.functionName, ...options.dimensionsMap },
  });
}

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { AS_IT_HAPPENS, NAMESPACE } from '../contract/metric-names';

/** What one invocation has counted, by the names of the metrics. */
export interface MetricCounts {
  readonly counts: ReadonlyMap<string, number>;
  /** A value for each accepted invalidation, in seconds. */
  readonly staleness: readonly number[];
  /** A value for each invalidation that was seen to be completed, in seconds. */
  readonly timeToFresh: readonly number[];
}

/** Publishes what an invocation has counted. */
export type PublishMetrics = (counted: MetricCounts) => void;

/**
 * Publishes in CloudWatch's embedded metric format: a line of the log, from which CloudWatch makes metrics without a call.
 *
 * @param functionName tells the metrics of one function from those of another
 */
export function publishWithEmf(functionName: string): PublishMetrics {
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: functionName });
  return ({ counts, staleness, timeToFresh }) => {
    for (const [name, count] of counts) metrics.addMetric(name, MetricUnit.Count, count);
    // Powertools begins another line after as many values as one may hold.
    for (const seconds of staleness) metrics.addMetric(AS_IT_HAPPENS.staleness, MetricUnit.Seconds, seconds);
    for (const seconds of timeToFresh) metrics.addMetric(AS_IT_HAPPENS.timeToFresh, MetricUnit.Seconds, seconds);
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
}

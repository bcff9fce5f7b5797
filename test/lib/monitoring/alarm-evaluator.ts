import { type AlarmSettings, type AlarmState, type DataPoint, stateOf } from './alarm-state';

/** A value of a metric, as it was emitted. */
export interface Sample {
  /** In s. */
  readonly at: number;
  readonly value: number;
}

/** What the documentation leaves open, or to chance. */
export interface EvaluationOptions {
  /** For how long it is evaluated, from 0 on, in s. */
  readonly until: number;
  /** Periods of the evaluation range beyond the evaluation periods. @default 2, as in AWS's examples */
  readonly spare?: number;
  /** How late samples become known, in s. @default 0 */
  readonly delay?: number;
  /** Time between evaluations, in s. @default 60 */
  readonly every?: number;
}

/** A change of state. */
export interface Transition {
  /** In s. */
  readonly at: number;
  readonly state: AlarmState;
}

/** The properties of a resource of type `AWS::CloudWatch::Alarm`. */
export type AlarmProperties = Readonly<Record<string, unknown>>;

/**
 * The states of a synthesized alarm over samples of its metric: evaluated every minute, over periods that end then.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 *
 * @throws Error for a statistic, an operator or an expression that it does not know
 */
export function evaluate(
  alarm: AlarmProperties,
  samples: readonly Sample[],
  { until, spare = 2, delay = 0, every = 60 }: EvaluationOptions,
): Transition[] {
  const { period, statistic, fill } = seriesOf(alarm);
  const settings = settingsOf(alarm);
  const breaches = comparisonOf(alarm);
  const transitions: Transition[] = [{ at: 0, state: 'INSUFFICIENT_DATA' }];
  const periods = settings.evaluationPeriods + spare;
  for (let now = every; now <= until; now += every) {
    const within: number[][] = Array.from({ length: periods }, () => []);
    for (const { at, value } of samples) {
      if (at + delay >= now || at < now - periods * period) continue;
      within[Math.floor((at - now) / period) + periods]?.push(value);
    }
    const values = within.map((each) => (each.length > 0 ? statistic(each) : undefined));
    const points = fill(values).map((value): DataPoint => (value === undefined ? undefined : breaches(value)));
    const current = transitions.at(-1)?.state ?? 'INSUFFICIENT_DATA';
    const state = stateOf(settings, points, current);
    if (state !== current) transitions.push({ at: now, state });
  }
  return transitions;
}

/** When it went off, in s. */
export function alarmedAt(...given: Parameters<typeof evaluate>): number[] {
  return evaluate(...given).flatMap(({ at, state }) => (state === 'ALARM' ? [at] : []));
}

type Values = readonly (number | undefined)[];

interface Series {
  /** In s. */
  readonly period: number;
  readonly statistic: (values: readonly number[]) => number;
  readonly fill: (values: Values) => Values;
}

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Period: number; readonly Stat: string };
}

function seriesOf({ Period, Statistic, ExtendedStatistic, Metrics }: AlarmProperties): Series {
  if (!Metrics) {
    const statistic = statisticOf(String(Statistic ?? ExtendedStatistic));
    return { period: Number(Period), statistic, fill: (values) => values };
  }
  const [{ Expression = '' } = {}, metric, ...others] = Metrics as MetricQuery[];
  const [, of, filling] = /^FILL\((\w+), (\d+)\)$/.exec(Expression) ?? [];
  if (!metric?.MetricStat || metric.Id !== of || others.length > 0) throw new Error(`Not known here: ${Expression}`);
  return {
    period: metric.MetricStat.Period,
    statistic: statisticOf(metric.MetricStat.Stat),
    // There is nothing to fill where there is no series at all.
    fill: (values) => (values.every((value) => value === undefined) ? values : values.map((v) => v ?? Number(filling))),
  };
}

function settingsOf({ EvaluationPeriods, DatapointsToAlarm, TreatMissingData }: AlarmProperties): AlarmSettings {
  return {
    evaluationPeriods: Number(EvaluationPeriods),
    datapointsToAlarm: Number(DatapointsToAlarm ?? EvaluationPeriods),
    treatMissingData: (TreatMissingData ?? 'missing') as AlarmSettings['treatMissingData'],
  };
}

function comparisonOf({ ComparisonOperator, Threshold }: AlarmProperties): (value: number) => boolean {
  if (ComparisonOperator !== 'GreaterThanThreshold') throw new Error(`Not known here: ${ComparisonOperator}`);
  return (value) => value > Number(Threshold);
}

function statisticOf(name: string): Series['statistic'] {
  if (name === 'Sum') return (values) => values.reduce((sum, value) => sum + value, 0);
  if (name === 'Maximum') return (values) => Math.max(...values);
  const [, percent] = /^p(\d+)$/.exec(name) ?? [];
  if (percent === undefined) throw new Error(`Not known here: ${name}`);
  return (values) => values.toSorted((a, b) => a - b)[Math.ceil((Number(percent) / 100) * values.length) - 1] as number;
}

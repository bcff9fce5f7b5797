import { alarmedAt, evaluate, type Sample } from './alarm-evaluator';

const MINUTE = 60;

/** An alarm on a sum, as CloudFormation states it. */
function alarmOn(periods: number, period: number, datapoints = periods) {
  return {
    Period: period,
    Statistic: 'Sum',
    EvaluationPeriods: periods,
    DatapointsToAlarm: datapoints,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 0,
    TreatMissingData: 'notBreaching',
  };
}

/** The same, with 0 where there is no data. */
function filled({ Period, Statistic, ...alarm }: ReturnType<typeof alarmOn>) {
  const MetricStat = { Metric: { MetricName: 'Any' }, Period, Stat: Statistic };
  const Metrics = [
    { Id: 'expr_1', Expression: 'FILL(sparse, 0)' },
    { Id: 'sparse', MetricStat, ReturnData: false },
  ];
  return { ...alarm, Metrics };
}

const at = (...minutes: number[]): Sample[] => minutes.map((minute) => ({ at: minute * MINUTE, value: 1 }));

test('a period ends with each evaluation: two failures 260 s apart are in two periods next to each other', () => {
  const failures = at(0, 260 / MINUTE);
  const aligned = { until: 60 * MINUTE, every: 15 * MINUTE };
  expect(alarmedAt(filled(alarmOn(2, 15 * MINUTE)), failures, aligned)).toEqual([]);
  expect(alarmedAt(filled(alarmOn(2, 15 * MINUTE)), failures, { until: 60 * MINUTE })).toEqual([16 * MINUTE]);
});

test('old data is evaluated again where there are gaps, unless they are filled', () => {
  const failures = at(0, 40);
  expect(alarmedAt(alarmOn(2, 15 * MINUTE), failures, { until: 90 * MINUTE, spare: 2 })).toEqual([41 * MINUTE]);
  expect(alarmedAt(alarmOn(2, 15 * MINUTE), failures, { until: 90 * MINUTE, spare: 0 })).toEqual([]);
  expect(alarmedAt(filled(alarmOn(2, 15 * MINUTE)), failures, { until: 90 * MINUTE, spare: 2 })).toEqual([]);
});

test('an alarm is over when the data has left its evaluation range, or sooner if that is filled', () => {
  const states = (alarm: object) => evaluate({ ...alarm }, at(0), { until: 60 * MINUTE, spare: 2 }).slice(1);
  const alarmed = { at: MINUTE, state: 'ALARM' };
  expect(states(alarmOn(1, 5 * MINUTE))).toEqual([alarmed, { at: 16 * MINUTE, state: 'OK' }]);
  expect(states(filled(alarmOn(1, 5 * MINUTE)))).toEqual([alarmed, { at: 6 * MINUTE, state: 'OK' }]);
});

test('data that comes late is missing until then', () => {
  expect(alarmedAt(alarmOn(1, 5 * MINUTE), at(0), { until: 60 * MINUTE, delay: 3 * MINUTE })).toEqual([4 * MINUTE]);
});

test.each([
  ['Sum', [1, 2, 3], 6],
  ['Maximum', [1, 3, 2], 3],
  ['p99', [5, 1, 2, 3, 4], 5],
  ['p50', [5, 1, 2, 3, 4], 3],
])('%s of %j is %i', (Statistic, values, expected) => {
  const samples = values.map((value) => ({ at: 0, value }));
  const over = (Threshold: number) =>
    alarmedAt({ ...alarmOn(1, MINUTE), Statistic, Threshold }, samples, { until: MINUTE }).length > 0;
  expect([over(expected - 0.5), over(expected)]).toEqual([true, false]);
});

test.each([
  { ...alarmOn(1, MINUTE), Statistic: 'SampleCount' },
  { ...alarmOn(1, MINUTE), ComparisonOperator: 'LessThanThreshold' },
  { ...filled(alarmOn(1, MINUTE)), Metrics: [{ Id: 'e', Expression: 'RATE(m)' }, { Id: 'm' }] },
])('what it does not know is an error', (alarm) => {
  expect(() => evaluate(alarm, at(0), { until: MINUTE })).toThrow('Not known here');
});

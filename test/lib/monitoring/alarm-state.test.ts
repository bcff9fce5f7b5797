import { type AlarmSettings, type AlarmState, type DataPoint, stateOf } from './alarm-state';

/** Of a row: what each treatment of missing data makes of it. */
type Row = readonly [
  points: string,
  ...states: [missing: string, ignore: string, breaching: string, notBreaching: string],
];

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

/**
 * The tables of AWS's documentation, as of 2026 and, of the same page, as of 2019 where it has other rows:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
const THREE_OF_THREE: readonly Row[] = [
  ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 'INSUFFICIENT_DATA', 'retained', 'ALARM', 'OK'],
  ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 'ALARM', 'retained', 'ALARM', 'OK'],
  ['- - - - X', 'INSUFFICIENT_DATA', 'retained', 'ALARM', 'OK'],
  ['X - - - -', 'ALARM', 'retained', 'ALARM', 'OK'],
];

const TWO_OF_THREE: readonly Row[] = [
  ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 'ALARM', 'retained', 'ALARM', 'OK'],
];

const cases = [THREE_OF_THREE, TWO_OF_THREE].flatMap((rows, table) =>
  rows.flatMap(([points, ...states]) =>
    states.map((expected, column) => ({
      points,
      expected,
      alarm: {
        evaluationPeriods: 3,
        datapointsToAlarm: 3 - table,
        treatMissingData: TREATMENTS[column] as AlarmSettings['treatMissingData'],
      },
    })),
  ),
);

test.each(cases)('$points is $expected for $alarm', ({ points, expected, alarm }) => {
  const range = points.split(' ').map((point): DataPoint => (point === '-' ? undefined : point === 'X'));
  const from = (current: AlarmState) => stateOf(alarm, range, current);
  const states: AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
  expect(states.map(from)).toEqual(states.map((current) => (expected === 'retained' ? current : expected)));
});

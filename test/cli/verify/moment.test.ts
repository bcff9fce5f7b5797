import { readDuration, readMoment, timeOf } from '../../../cli/verify/moment';

const NOW = Date.parse('2026-11-23T08:00:00Z');

test.each([
  ['90s', '2026-11-23T07:58:30.000Z'],
  ['5m', '2026-11-23T07:55:00.000Z'],
  ['1h', '2026-11-23T07:00:00.000Z'],
  ['2d', '2026-11-21T08:00:00.000Z'],
  ['0s', '2026-11-23T08:00:00.000Z'],
  ['2026-11-23T07:00:00Z', '2026-11-23T07:00:00.000Z'],
  ['2026-11-23T07:00:00.123456789+01:00', '2026-11-23T06:00:00.123Z'],
  ['2026-11-23T07:00+0100', '2026-11-23T06:00:00.000Z'],
  ['2026-11-22', '2026-11-22T00:00:00.000Z'],
])('%s is %s', (text, time) => {
  expect(new Date(timeOf(readMoment(text, '--since'), NOW)).toISOString()).toBe(time);
});

test.each([
  '5',
  'm',
  '1.5h',
  '-5m',
  '5 m',
  '5w',
  '2026-11-23T07:00:00',
  '2026-13-01',
  'yesterday',
  '1e3s',
  '08:00Z',
  '',
])('"%s" is no time, and it says what one is', (text) => {
  expect(() => readMoment(text, '--since')).toThrow(`--since must be a duration, such as 90s, 5m, 1h or 2d, or a time`);
});

test('a duration is none that has passed', () => {
  expect(readDuration('5m', '--wait')).toBe(300_000);
  expect(() => readDuration('2026-11-22', '--wait')).toThrow(
    '--wait must be a duration, such as 90s, 5m, 1h or 2d, but',
  );
});

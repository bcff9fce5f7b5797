import type { Template } from 'aws-cdk-lib/assertions';
import { FUNCTION_TIMEOUT, visibilityTimeoutFor } from '../../../lib/timing';
import { invalidatorWith } from '../../../local/simulation/invalidator';
import { REGIMES } from '../../../local/simulation/regimes';
import { simulate } from '../../../local/simulation/simulate';
import { synthesized } from '../templates';
import { type AlarmProperties, alarmedAt, type EvaluationOptions, evaluate, type Sample } from './alarm-evaluator';
import { type ObservedSamples, observed } from './observed';

jest.setTimeout(120_000);

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** By the batching window: after how long a message is received again, and the longest time between two of its failures. */
const TIMINGS = [0, 20, 60, 100, 180, 200, 250, 300].map((window) => {
  const visibility = visibilityTimeoutFor(window);
  return { window, visibility, longestGap: visibility + Math.max(window, 20) + FUNCTION_TIMEOUT };
});

const templates = new Map<number, Template>(
  TIMINGS.map(({ window }) => [window, synthesized({ maxBatchingWindow: String(window) })]),
);

function alarmOf(name: string, window = 20): AlarmProperties {
  const alarms = Object.entries(templates.get(window)?.findResources('AWS::CloudWatch::Alarm') ?? {});
  const [, alarm] = alarms.find(([id]) => id.startsWith(`InvalidatorMonitoring${name}`)) ?? [];
  if (!alarm) throw new Error(`No alarm ${name}`);
  return alarm.Properties;
}

/** Whatever CloudWatch's documentation leaves open: how far back it looks, how late data is, how both are aligned. */
const CIRCUMSTANCES = [0, 2, 5, 8].flatMap((spare) =>
  [0, 60].flatMap((delay) => [0, 17, 59].map((offset) => ({ spare, delay, offset }))),
);

type Circumstances = (typeof CIRCUMSTANCES)[number];

/** In all circumstances; the samples are numbers of failures, in s. */
function inAllCircumstances<T>(
  alarm: AlarmProperties,
  samples: readonly Sample[],
  until: number,
  result: (...given: [AlarmProperties, readonly Sample[], EvaluationOptions]) => T,
): { result: T; circumstances: Circumstances }[] {
  return CIRCUMSTANCES.map((circumstances) => {
    const { offset, spare, delay } = circumstances;
    const moved = samples.map(({ at, value }) => ({ at: at + offset, value }));
    return { result: result(alarm, moved, { until: until + offset, spare, delay }), circumstances };
  });
}

function expectSilence(alarm: AlarmProperties, samples: readonly Sample[], until: number): void {
  const alarms = inAllCircumstances(alarm, samples, until, alarmedAt).filter(({ result }) => result.length > 0);
  expect(alarms).toEqual([]);
}

/** One alarm, soon enough, that ends soon enough after the last sample: both in s. */
function expectOneAlarm(
  alarm: AlarmProperties,
  samples: readonly Sample[],
  { after, over }: { readonly after: number; readonly over: number },
): void {
  const [first, last] = [samples[0]?.at ?? 0, samples.at(-1)?.at ?? 0];
  const until = last + over + 4 * HOUR;
  for (const { result, circumstances } of inAllCircumstances(alarm, samples, until, evaluate)) {
    const { offset, delay, spare } = circumstances;
    const states = result.filter(({ at }) => at > 0);
    const [alarmed, ended] = states.slice(states.findIndex(({ state }) => state === 'ALARM'));
    expect([states.filter(({ state }) => state === 'ALARM').length, circumstances]).toEqual([1, circumstances]);
    expect(alarmed?.at).toBeLessThanOrEqual(first + offset + after + delay + MINUTE);
    expect(ended?.state).toBe('OK');
    expect(ended?.at).toBeLessThanOrEqual(last + offset + over + spare * 5 * MINUTE + delay + MINUTE);
  }
}

const once = (...seconds: number[]): Sample[] => seconds.map((at) => ({ at, value: 1 }));

/** From 0 on, so often, as long as it lasts. */
const every = (gap: number, lasting: number, from = 0): Sample[] =>
  once(...Array.from({ length: Math.ceil(lasting / gap) }, (_, index) => from + index * gap));

describe('refusals raise the alarm for lasting ones', () => {
  const lastingRefusals = (window?: number) => alarmOf('PersistentErrors', window);

  test.each(TIMINGS)('with a window of $window s, never if they pass', ({ window, visibility }) => {
    const alarm = lastingRefusals(window);
    expectSilence(alarm, once(0), HOUR);
    expectSilence(alarm, once(0, visibility), 2 * HOUR);
    expectSilence(alarm, every(visibility, 10 * MINUTE), 2 * HOUR);
    for (const minutes of [1, 5, 10]) expectSilence(alarm, every(1, minutes * MINUTE), 2 * HOUR);
  });

  test('with the default window, not within twenty minutes', () => {
    expectSilence(lastingRefusals(20), every(1, 20 * MINUTE), 2 * HOUR);
    expectSilence(lastingRefusals(20), every(260, 20 * MINUTE), 2 * HOUR);
  });

  test.each([31, 45, 60, 90])('never if there is one each %i minutes', (minutes) => {
    for (const { window } of TIMINGS)
      expectSilence(lastingRefusals(window), every(minutes * MINUTE, 6 * HOUR), 8 * HOUR);
  });

  test('never for a burst of five minutes every hour', () => {
    const bursts = [0, 1, 2, 3, 4, 5].flatMap((hour) => every(20, 5 * MINUTE, hour * HOUR));
    for (const { window } of TIMINGS) expectSilence(lastingRefusals(window), bursts, 7 * HOUR);
  });

  test('never for messages that are refused once each, fourteen minutes apart', () => {
    expectSilence(lastingRefusals(0), every(14 * MINUTE, 6 * HOUR), 8 * HOUR);
    expectSilence(lastingRefusals(20), every(14 * MINUTE, 6 * HOUR), 8 * HOUR);
  });

  test.each(TIMINGS)('with a window of $window s, after half an hour', ({ window, visibility, longestGap }) => {
    const alarm = lastingRefusals(window);
    // To the nearest of its periods; with the default window sooner.
    const within = { after: (window === 20 ? 28 : 36) * MINUTE, over: 30 * MINUTE };
    for (const lasting of [30 * MINUTE, HOUR, 6 * HOUR]) {
      expectOneAlarm(alarm, every(visibility, lasting), within);
      expectOneAlarm(alarm, every(7, lasting), within);
    }
    expectOneAlarm(alarm, every(longestGap, 2 * HOUR), within);
    expectOneAlarm(alarm, every(visibility, HOUR, 11 * HOUR), within);
  });
});

describe('what must be looked at raises an alarm within minutes, and one alone as long as it goes on', () => {
  test.each(['RejectedMessages', 'ConfigurationErrors', 'FunctionErrors'])('%s', (name) => {
    for (const { window, visibility, longestGap } of TIMINGS) {
      const soon = { after: 0, over: 25 * MINUTE };
      expectOneAlarm(alarmOf(name, window), once(0), soon);
      expectOneAlarm(alarmOf(name, window), every(visibility, 9 * HOUR), soon);
      expectOneAlarm(alarmOf(name, window), every(longestGap, 9 * HOUR), soon);
    }
  });

  test('a function that works again ends it, whether it is invoked often or not', () => {
    const [failure] = once(0) as [Sample];
    for (const gap of [1, 10, 100]) {
      const successes = every(gap * MINUTE, DAY, gap * MINUTE).map(({ at }) => ({ at, value: 0 }));
      for (const { result } of inAllCircumstances(alarmOf('FunctionErrors'), [failure, ...successes], DAY, evaluate)) {
        expect(result.map(({ state }) => state).slice(-2)).toEqual(['ALARM', 'OK']);
      }
    }
  });
});

describe('dead letters', () => {
  const visible = (count: number, from: number, until: number): Sample[] =>
    every(MINUTE, until - from, from).map(({ at }) => ({ at, value: count }));

  test('one raises an alarm that lasts until it is gone, though SQS tells nothing of a queue that rests', () => {
    const samples = [...visible(0, 0, HOUR), ...visible(1, 9 * HOUR, 15 * HOUR), ...visible(0, 20 * HOUR, 21 * HOUR)];
    for (const { result, circumstances } of inAllCircumstances(alarmOf('DeadLetters'), samples, 2 * DAY, evaluate)) {
      expect(result.slice(1).map(({ state }) => state)).toEqual(['OK', 'ALARM', 'OK']);
      const [, , alarmed, ended] = result.map(({ at }) => at - circumstances.offset - circumstances.delay);
      expect(alarmed).toBeLessThanOrEqual(9 * HOUR + MINUTE);
      expect(ended).toBeGreaterThanOrEqual(20 * HOUR);
      expect(ended).toBeLessThanOrEqual(20 * HOUR + 6 * MINUTE);
    }
  });

  test('a queue that nobody has used yet raises none', () => {
    expectSilence(alarmOf('DeadLetters'), [], DAY);
  });
});

describe('staleness', () => {
  test.each(TIMINGS)('with a window of $window s, of what was throttled for five minutes raises no alarm', (timing) => {
    const { window, visibility, longestGap } = timing;
    const received = window + 2 * visibility;
    const stale = every(10, HOUR).map(({ at }) => ({ at, value: received + longestGap - visibility }));
    expectSilence(alarmOf('Staleness', window), stale, 2 * HOUR);
  });

  test.each(TIMINGS)(
    'with a window of $window s, of what was retried three times raises one',
    ({ window, visibility }) => {
      const stale = [{ at: 0, value: window + 3 * visibility + 1 }];
      expectOneAlarm(alarmOf('Staleness', window), stale, { after: 0, over: 140 * MINUTE });
    },
  );
});

describe('a backlog', () => {
  const ages = (from: number, until: number): Sample[] =>
    every(MINUTE, until - from, from).map(({ at }) => ({ at, value: at - from }));

  test.each(TIMINGS)('with a window of $window s, raises an alarm that ends when the queue is empty', (timing) => {
    const limit = 4 * timing.visibility;
    expectSilence(alarmOf('Backlog', timing.window), ages(0, limit), DAY);
    const soon = { after: limit + MINUTE, over: 5 * MINUTE };
    expectOneAlarm(alarmOf('Backlog', timing.window), ages(0, 6 * HOUR), soon);
  });
});

describe('paths within 24 hours', () => {
  const hourly = { every: HOUR };
  const alarm = () => alarmOf('PathsPerDay');

  test('a batch beyond the budget raises an alarm at once, which is over a day later, whether batches follow or not', () => {
    for (const spare of [0, 2, 5]) {
      const alone = [{ at: HOUR, value: 201 }];
      for (const samples of [alone, [...alone, ...every(HOUR, 3 * DAY, 2 * HOUR)]]) {
        expect(evaluate(alarm(), samples, { until: 6 * DAY, spare, ...hourly }).slice(-2)).toEqual([
          { at: 2 * HOUR, state: 'ALARM' },
          { at: 26 * HOUR, state: 'OK' },
        ]);
      }
    }
  });

  test('days within the budget raise none', () => {
    const days = Array.from({ length: 14 }, (_, day) => ({ at: day * DAY, value: 200 }));
    expect(alarmedAt(alarm(), days, { until: 15 * DAY, ...hourly })).toEqual([]);
  });

  test('a day is any 24 hours, and the text says so', () => {
    const night = [
      { at: 22 * HOUR, value: 120 },
      { at: 26 * HOUR, value: 120 },
    ];
    expect(alarmedAt(alarm(), night, { until: 3 * DAY, ...hourly })).toEqual([27 * HOUR]);
    expect(alarm().AlarmDescription).toContain('within 24 hours');
  });
});

describe('in a simulated load', () => {
  const throttled = (minutes: number) => ({
    name: `throttled for ${minutes} minutes`,
    changes: (second: number) => Number(second % 10 === 0),
    end: (minutes + 15) * MINUTE,
    fault: (second: number) =>
      second >= 5 * MINUTE && second < (minutes + 5) * MINUTE
        ? ({ kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' } as const)
        : undefined,
  });

  async function observe(minutes: number, seed: number): Promise<ObservedSamples> {
    const { design, samples } = observed(invalidatorWith({ pollers: 5 }));
    await simulate(throttled(minutes), REGIMES[2] as (typeof REGIMES)[number], design, { seed });
    return samples;
  }

  test.each([1, 2])('a throttle of five minutes raises no alarm, seed %i', async (seed) => {
    const { retriedMessages, staleness, age } = await observe(5, seed);
    expect(retriedMessages.length).toBeGreaterThan(5);
    for (const [name, samples] of Object.entries({
      PersistentErrors: retriedMessages,
      Staleness: staleness,
      Backlog: age,
    }))
      expectSilence(alarmOf(name), samples, 3 * HOUR);
  });

  test('half an hour raises the one for lasting refusals', async () => {
    const { retriedMessages, age } = await observe(30, 1);
    expectOneAlarm(alarmOf('PersistentErrors'), retriedMessages, { after: 30 * MINUTE, over: 30 * MINUTE });
    expectSilence(alarmOf('Backlog'), age, 3 * HOUR);
  });
});

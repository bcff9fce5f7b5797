import { makeStrain } from '../../lambda/dispatch/strain';
import type { Fault } from '../../local/cloudfront/fault';
import { listing, type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body } from './messages';

let running: RunningFunction;
afterEach(() => running?.stop());

const FULL: Fault = { kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' };
const exactPathsFull = ({ paths }: { readonly paths: readonly string[] }) =>
  paths.some((path) => !path.endsWith('*')) ? FULL : undefined;

/** Newer than any invalidation: else the first one covers all. */
const TIME = new Date(Date.now() + 3_600_000).toISOString();

/** A large bucket, of which another twentieth changes each time: for that, all of it is thrown away. */
const KEYS = Array.from({ length: 30_000 }, (_, at) => `page-${String(at).padStart(5, '0')}`);
const twentieth = (start: number) => KEYS.filter((_, at) => at % 20 === start);

/** All of it changes at once. */
const FOLDER = Array.from('abcde', (letter) => `docs/${letter}`);

/** Three folders of which a twentieth changes each time, and others: for that, each of the folders is thrown away. */
const FOLDERS = [
  ...Array.from('abc', (folder) => KEYS.slice(0, 4000).map((key) => `${folder}/${key}`)),
  KEYS.slice(0, 10_000),
].flat();
const someOf = (start: number) => FOLDERS.filter((key, at) => /^[abc]/.test(key) && at % 20 === start);
const wildcards = () => running.cloudFront.calls.map(({ paths }) => paths.filter((path) => path.endsWith('*')).length);

async function start(keys: readonly string[] = KEYS) {
  running = await startFunction(SITE, {}, listing(keys));
}

let received = 0;

/** @param again how many of the messages come for the second time */
async function receive(keys: readonly string[], { again = 0, remainingMs = 35_000 } = {}) {
  const messages = keys.map((key, at) => message(`${received++}`, s3Body(key, { time: TIME }), at < again ? 2 : 1));
  const { returned, log, metrics } = await running.receive(messages, remainingMs);
  const of = (kind: string) => log.filter((line) => line.message === kind);
  return {
    returned: returned.length,
    waits: of('Waiting').map(({ why, ms }) => [why, ms]),
    causes: [...new Set(of('Message failed').map(({ cause }) => cause))],
    why: of('Message failed')[0]?.why,
    metrics,
  };
}

/** Has CloudFront refuse a wide plan for longer than an invocation waits, and accept one then. */
async function makeScarce(refused = twentieth(0), accepted = twentieth(1)) {
  running.cloudFront.fault = () => FULL;
  expect(await receive(refused)).toMatchObject({ returned: refused.length, causes: ['throttled'] });
  running.cloudFront.fault = undefined;
  expect((await receive(accepted)).returned).toBe(0);
}

const calls = () => running.cloudFront.calls.length;

test('a plan that throws much of the cache away waits until the last such plan is some time ago', async () => {
  await start();
  expect(await receive(twentieth(0))).toMatchObject({ returned: 0, waits: [] });
  // All but what is kept for asking and reporting, of 35 s.
  const waits = [['WideTooEarly', expect.closeTo(31_000, -4)]];
  expect(await receive(twentieth(1))).toMatchObject({ returned: 0, waits });
  expect(await receive(['page-00002'])).toMatchObject({ returned: 0, waits: [] });
});

describe('where wildcards are scarce', () => {
  beforeEach(async () => {
    await start([...KEYS, ...FOLDER]);
    await makeScarce();
  });

  test('none is spent on little', async () => {
    const few = KEYS.filter((_, at) => at % 1500 === 7);
    expect((await receive([...few, ...FOLDER])).returned).toBe(0);
    expect(running.cloudFront.calls.at(-1)?.paths).toHaveLength(25);
    running.pass(15 * 60_000);
    expect((await receive([...few, ...FOLDER])).returned).toBe(0);
    expect(running.cloudFront.calls.at(-1)?.paths).toHaveLength(21);
  });

  test('what is too early for the next wide plan comes back without a call, until it is due', async () => {
    const before = calls();
    const postponed = { returned: 1500, waits: [], causes: ['postponed'] };
    expect(await receive(twentieth(2))).toMatchObject({
      ...postponed,
      why: expect.stringMatching(/^WideTooEarly: CloudFront is short of wildcards, .* before \d+ s$/),
    });
    // Nothing was refused: CloudFront is not taken to be out of order, and nobody is alarmed.
    expect((await receive(twentieth(3))).metrics).not.toHaveProperty('RetriedMessages');
    for (const start of [4, 6]) expect(await receive(twentieth(start))).toMatchObject(postponed);
    expect(calls()).toBe(before);
    running.pass(90_000);
    expect((await receive(twentieth(5))).returned).toBe(0);
  });

  test.each([1500, 1])(
    'it does so once: when %i of 1500 messages come again they wait and are asked for',
    async (again) => {
      expect(await receive(twentieth(2), { again })).toMatchObject({
        returned: 0,
        waits: [['WideTooEarly', expect.closeTo(31_000, -4)]],
      });
    },
  );

  test('what is due soon waits for it', async () => {
    running.pass(75_000);
    const waits = [['WideTooEarly', expect.closeTo(15_000, -4)]];
    expect(await receive(twentieth(2))).toMatchObject({ returned: 0, waits });
  });

  test('what is not wide, or due, is asked for, also with hardly any time left', async () => {
    expect((await receive(['page-00002'], { remainingMs: 3900 })).returned).toBe(0);
    running.pass(90_000);
    expect((await receive(twentieth(2), { remainingMs: 3900 })).returned).toBe(0);
  });

  test('what is refused after it has waited was refused, not postponed', async () => {
    running.pass(75_000);
    running.cloudFront.fault = () => FULL;
    expect(await receive(twentieth(2))).toMatchObject({ returned: 1500, causes: ['throttled'] });
  });

  test('what was refused and is too early for anything wider was refused, too', async () => {
    // So few objects are exact paths, until a path is dearer.
    running.cloudFront.fault = () => FULL;
    expect(await receive(twentieth(2).filter((_, at) => at % 50 === 0))).toMatchObject({
      returned: 30,
      waits: [['TooManyInvalidationsInProgress', 1000]],
      causes: ['throttled'],
    });
  });
});

test('where wildcards are scarce, a wide plan takes one', async () => {
  await start(FOLDERS);
  expect((await receive(someOf(0))).returned).toBe(0);
  expect(wildcards()).toEqual([3]);
  running.pass(90_000);
  await makeScarce(someOf(1), someOf(2));
  running.pass(90_000);
  expect((await receive(someOf(3))).returned).toBe(0);
  expect(wildcards().at(-1)).toBe(1);
});

test('a wide plan that is too early takes one wildcard', async () => {
  await start(FOLDERS);
  for (const start of [0, 1]) expect((await receive(someOf(start))).returned).toBe(0);
  expect(wildcards()).toEqual([3, 1]);
});

test('paths that are refused for the quota for ten seconds make wildcards scarce', async () => {
  const few = KEYS.filter((_, at) => at % 1500 === 7);
  await start();
  running.cloudFront.fault = exactPathsFull;
  expect(await receive(few)).toMatchObject({ returned: 0 });
  running.pass(10_000);
  expect(await receive(few)).toMatchObject({ returned: 20, causes: ['throttled'] });
});

test('what is refused otherwise does not', async () => {
  const few = KEYS.filter((_, at) => at % 1500 === 7);
  await start([...KEYS, ...FOLDER]);
  running.cloudFront.fault = () => ({ kind: 'refuse', status: 503, code: 'ServiceUnavailable' });
  expect((await receive(few)).returned).toBe(20);
  running.pass(10_000);
  expect((await receive(few)).returned).toBe(20);
  running.cloudFront.fault = undefined;
  expect((await receive([...few, ...FOLDER])).returned).toBe(0);
  expect(running.cloudFront.calls.at(-1)?.paths).toHaveLength(21);
});

test('of a wide plan, each wildcard saves a fifth of the price', async () => {
  // In four folders a wildcard saves a quarter of 36 paths, and discards 2,600 objects; and there are others beside.
  const folders = Array.from('abcd', (letter) => KEYS.slice(0, 2636).map((key) => `${letter}/${key}`));
  const changed = folders.flatMap((keys) => keys.filter((_, at) => at % 75 === 0));
  const beside = Array.from('abcd', (letter) => KEYS.slice(0, 1500).map((key) => `${letter}-old/${key}`));
  await start([...folders, ...beside].flat().sort());
  expect((await receive(changed)).returned).toBe(0);
  const { paths = [] } = running.cloudFront.invalidations[0] ?? {};
  expect([paths.length, paths.filter((path) => path.endsWith('*'))]).toEqual([144, []]);
});

describe('the saving of a wildcard', () => {
  const MINUTE = 60_000;
  const LITTLE = { each: 0.02, together: 0.15 };
  const MUCH = { each: 0.2, together: 0.15 };

  test.each([
    ['one was accepted', ['/a*']],
    ['a hundred paths were, which may go on', Array.from({ length: 100 }, (_, at) => `/${at}`)],
  ])('is more for ten minutes after %s', (_, paths) => {
    const strain = makeStrain(() => 0);
    strain.accepted(
      'E1',
      Array.from({ length: 99 }, (_, at) => `/${at}`),
      0,
    );
    expect(strain.leastSaving('E1', 0)).toEqual(LITTLE);
    strain.accepted('E1', paths, 0);
    expect([0, 10 * MINUTE - 1, 10 * MINUTE].map((now) => strain.leastSaving('E1', now))).toEqual([MUCH, MUCH, LITTLE]);
    expect(strain.leastSaving('E2', 0)).toEqual(LITTLE);
  });

  test.each([
    ['a few paths are refused, and again ten seconds later', 150, 10_000, true],
    ['the second time is at once, as it may be where the quota is of a second', 150, 9_999, false],
    ['the second time is long after', 150, 120_001, false],
    ['so many are refused as never pass in a second', 151, 10_000, false],
  ])('is more where %s', (_, count, later, isScarce) => {
    const paths = Array.from({ length: count }, (_, at) => `/${at}`);
    const strain = makeStrain(() => 0);
    strain.quotaFull('E1', paths, 0);
    strain.quotaFull('E1', paths, later);
    expect(strain.isScarce('E1', later)).toBe(isScarce);
    expect(strain.isScarce('E1', later + 15 * MINUTE)).toBe(false);
    expect(strain.leastSaving('E1', later)).toEqual(isScarce ? MUCH : LITTLE);
  });

  test('is as before where other paths were accepted between two refusals', () => {
    const strain = makeStrain(() => 0);
    strain.quotaFull('E1', ['/a'], 0);
    strain.accepted('E1', ['/b'], 5_000);
    strain.quotaFull('E1', ['/a'], 20_000);
    expect(strain.isScarce('E1', 20_000)).toBe(false);
  });
});

describe('the distance of wide plans', () => {
  const wide = { evicted: 10_000, guessed: false, paths: ['/*', '/a.html'] };
  /** Has a wide plan accepted at the time 0. */
  function strained() {
    const strain = makeStrain(() => 0);
    strain.asks('E1', wide);
    strain.accepted('E1', ['/*'], 0);
    return strain;
  }

  test('is kept to the last one that was accepted, of the same distribution', () => {
    const strain = strained();
    expect([strain.tooEarlyBy('E1', wide, 1, 1000), strain.tooEarlyBy('E2', wide, 1, 1000)]).toEqual([50_000, 0]);
    expect(strain.tooEarlyBy('E1', { ...wide, evicted: 9999 }, 1, 1000)).toBe(0);
    expect(strain.tooEarlyBy('E1', { ...wide, evicted: 0, guessed: true }, 1, 1000)).toBe(50_000);
    strain.asks('E1', wide);
    strain.refused('E1', false, 50_000);
    expect(strain.tooEarlyBy('E1', wide, 1, 60_000)).toBe(0);
  });

  test('is not longer than it is, should the clock be set back', () => {
    expect(strained().tooEarlyBy('E1', wide, 1, -3_600_000)).toBe(51_000);
  });

  test('is not begun by the exact paths of a wide plan, nor by the wildcards of another', () => {
    const strain = makeStrain(() => 0);
    strain.asks('E1', wide);
    strain.accepted('E1', ['/a.html'], 0);
    expect(strain.tooEarlyBy('E1', wide, 1, 1000)).toBe(0);
    strain.asks('E1', { ...wide, evicted: 0, paths: ['/a*'] });
    strain.accepted('E1', ['/a*'], 0);
    expect(strain.tooEarlyBy('E1', wide, 1, 1000)).toBe(0);
  });

  test('is begun by a request that holds several of its wildcards, and their refusals are over with it', () => {
    const strain = makeStrain(() => 0);
    strain.asks('E1', { ...wide, paths: ['/a*', '/b*', '/c.html'] });
    strain.accepted('E1', ['/a*', '/b*', '/c.html'], 0);
    expect(strain.tooEarlyBy('E1', wide, 1, 1000)).toBe(50_000);
    strain.refused('E1', true, 1000);
    expect(strain.isScarce('E1', 1000)).toBe(false);
  });

  test('is begun by the last of its wildcards, and scarce are they while one is refused', () => {
    const strain = makeStrain(() => 0);
    const plan = { ...wide, paths: ['/a*', '/favicon*'] };
    strain.asks('E1', plan);
    strain.accepted('E1', ['/favicon*'], 0);
    expect(strain.tooEarlyBy('E1', wide, 1, 1000)).toBe(0);
    strain.refused('E1', true, 0);
    expect(strain.isScarce('E1', 1000)).toBe(true);
    strain.accepted('E1', ['/a*'], 0);
    expect(strain.tooEarlyBy('E1', wide, 1, 1000)).toBe(89_000);
  });

  test('is not kept while CloudFront accepts nothing at all', () => {
    const strain = strained();
    strain.refused('E1', false, 0);
    strain.refused('E1', false, 0);
    expect(strain.tooEarlyBy('E1', wide, 1, 1000)).toBe(0);
    strain.accepted('E1', ['/a.html'], 0);
    expect(strain.tooEarlyBy('E1', wide, 1, 1000)).toBe(50_000);
  });

  test('is drawn anew after each wildcard where they are scarce, for two environments that learn of it together', () => {
    const numbers = [0.2, 1, 0.5];
    const strain = makeStrain(() => numbers.shift() ?? 0);
    strain.quotaFull('E1', ['/a.html'], -20_000);
    strain.quotaFull('E1', ['/a.html'], 0);
    const distances = [0, 200_000].map((now) => {
      strain.asks('E1', wide);
      strain.accepted('E1', ['/*'], now);
      return strain.tooEarlyBy('E1', wide, 1, now);
    });
    expect(distances).toEqual([135_000, 112_500]);
  });

  test('is longer for a quarter of an hour after the quota was full for one', () => {
    const strain = strained();
    strain.refused('E1', true, 0);
    expect(strain.isScarce('E1', 0)).toBe(false);
    strain.asks('E1', wide);
    strain.refused('E1', false, 0);
    expect(strain.isScarce('E1', 0)).toBe(false);
    strain.asks('E1', wide);
    strain.refused('E1', true, 60_000);
    strain.accepted('E1', ['/*'], 70_000);
    expect(strain.tooEarlyBy('E1', wide, 1, 71_000)).toBe(89_000);
    expect([strain.isScarce('E1', 959_999), strain.isScarce('E1', 960_000)]).toEqual([true, false]);
    expect(strain.isScarce('E2', 60_000)).toBe(false);
  });
});

describe('the distance of wildcards under a load that goes on', () => {
  const narrow = { evicted: 100, guessed: false, paths: ['/a*', '/b*', '/c.html'] };
  /** Has wildcards accepted at these times. */
  function strained(...times: readonly number[]) {
    const strain = makeStrain(() => 0);
    for (const time of times) strain.accepted('E1', ['/a*', '/a.html'], time);
    return strain;
  }

  test('is kept to the last time that the same was accepted, after two', () => {
    const strain = strained(0, 20_000);
    expect(strain.tooEarlyBy('E1', narrow, 100, 40_000)).toBe(31_000);
    expect(strain.tooEarlyBy('E2', narrow, 100, 40_000)).toBe(0);
    expect(strained(0).tooEarlyBy('E1', narrow, 100, 20_000)).toBe(0);
    strain.accepted('E1', ['/a.html', '/b*'], 40_000);
    expect(strain.tooEarlyBy('E1', narrow, 100, 40_000)).toBe(31_000);
    strain.accepted('E1', ['/b*'], 41_000);
    expect(strain.tooEarlyBy('E1', narrow, 100, 41_000)).toBe(51_000);
  });

  test('is not kept by a few changes, by other paths, nor where the one before the last is long ago', () => {
    expect(strained(0, 20_000).tooEarlyBy('E1', narrow, 99, 40_000)).toBe(0);
    expect(strained(0, 20_000).tooEarlyBy('E1', { ...narrow, paths: ['/b*', '/a.html'] }, 100, 40_000)).toBe(0);
    expect(strained(0, 170_000).tooEarlyBy('E1', narrow, 100, 179_999)).toBeGreaterThan(0);
    expect(strained(0, 170_000).tooEarlyBy('E1', narrow, 100, 180_000)).toBe(0);
  });

  test('is not kept for ten minutes after wildcards were refused: then each that passes counts', () => {
    const strain = strained(0, 20_000);
    strain.quotaFull('E1', ['/a*', '/a.html'], 40_000);
    expect(strain.tooEarlyBy('E1', narrow, 100, 40_000)).toBe(31_000);
    strain.quotaFull('E1', ['/a*'], 40_000);
    expect(strain.tooEarlyBy('E1', narrow, 100, 40_000)).toBe(0);
    for (const time of [600_000, 620_000]) strain.accepted('E1', ['/a*'], time);
    expect(strain.tooEarlyBy('E1', narrow, 100, 639_999)).toBe(0);
    expect(strain.tooEarlyBy('E1', narrow, 100, 640_000)).toBe(31_000);
  });

  test('has the function wait, which sends nothing back', async () => {
    const keys = KEYS.slice(0, 1000);
    await start(keys);
    const half = keys.filter((_, at) => at % 2 === 0);
    for (let batch = 0; batch < 2; batch++) expect(await receive(half)).toMatchObject({ returned: 0, waits: [] });
    const waits = [['WideTooEarly', expect.closeTo(31_000, -4)]];
    expect(await receive(half)).toMatchObject({ returned: 0, waits });
    expect(running.cloudFront.calls.map(({ paths }) => paths)).toEqual(Array(3).fill(['/page-00*']));
    // Nor when there is no time to wait, and wildcards are scarce.
    running.cloudFront.fault = exactPathsFull;
    for (let time = 0; time < 2; time++) {
      running.pass(10_000);
      expect((await receive(keys.filter((_, at) => at % 400 === 0))).returned).toBe(0);
    }
    expect((await receive(half, { remainingMs: 5000 })).returned).toBe(0);
  });
});

import { listable } from '../../bench/bucket';
import type { List } from '../../lambda/census';
import { makeStrain } from '../../lambda/strain';
import type { Fault } from '../../local/cloudfront/fault';
import { RATE_QUOTA } from '../../local/cloudfront/quota';
import { type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body } from './messages';

let running: RunningFunction;
afterEach(() => running?.stop());

const FULL: Fault = { kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' };
const UNAVAILABLE: Fault = { kind: 'refuse', status: 503, code: 'ServiceUnavailable' };

const paths = () => running.cloudFront.invalidations.map((invalidation) => invalidation.paths);
const batch = (keys: readonly string[]) => keys.map((key) => message(key, s3Body(key)));
const pages = (count: number) => Array.from({ length: count }, (_, at) => `page-${String(at).padStart(5, '0')}`);

/** A bucket that holds what changed long ago. */
function listing(keys: readonly string[]): List {
  const page = listable(keys, () => 0);
  return async ({ prefix, startAfter, maxKeys }) => page(prefix, startAfter, maxKeys);
}

describe("when CloudFront's quota is full", () => {
  test('what is refused is asked for again in the same invocation', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ number }) => (number < 4 ? FULL : undefined);
    expect((await running.receive(batch(['a.html', 'b.html']))).returned).toEqual([]);
    expect(paths()).toEqual([['/a.html', '/b.html']]);
  });

  test('it is covered by fewer and wider paths each time', async () => {
    // 40 of 20,000 objects: for a wildcard, too few by far, until a path is 16 times dearer.
    const keys = pages(20_000);
    running = await startFunction(SITE, {}, listing(keys));
    running.cloudFront.fault = ({ number }) => (number === 1 ? FULL : undefined);
    expect((await running.receive(batch(keys.filter((_, at) => at % 500 === 0)))).returned).toEqual([]);
    expect(running.cloudFront.calls.map((call) => call.paths.length)).toEqual([40, 1]);
  });

  test('exact paths pass while no wildcard does, and the few objects under one are asked for one by one in the end', async () => {
    running = await startFunction(SITE, {}, async () => ({ objects: [], truncated: false }));
    running.cloudFront.fault = ({ paths: asked }) => (asked.some((path) => path.endsWith('*')) ? FULL : undefined);
    const keys = ['docs/a', 'docs/b', 'docs/c', 'docs/d'];
    expect((await running.receive(batch(keys))).returned).toEqual([]);
    expect(paths().flat().sort()).toEqual(keys.map((key) => `/${key}`));
  });

  test('more objects than a second takes are not', async () => {
    running = await startFunction(SITE, {}, listing([]));
    running.cloudFront.fault = ({ paths: asked }) => (asked.some((path) => path.endsWith('*')) ? FULL : undefined);
    expect((await running.receive(batch(pages(151)))).returned).toHaveLength(151);
    expect(paths()).toEqual([]);
  });

  test('no wildcard is spent while no other path passes, but in the end', async () => {
    running = await startFunction(SITE, { quota: { kind: 'in-progress', paths: 0, wildcards: 9 } });
    const tilde = message('m~', s3Body('js/a~b.js'));
    expect((await running.receive([tilde, message('m1', s3Body('a.html'))])).returned).toEqual(['m1']);
    const kinds = running.cloudFront.calls.map(({ paths: asked }) => asked.join());
    expect(kinds.indexOf('/js/a*')).toBeGreaterThan(kinds.lastIndexOf('/a.html,/js/a*') - 1);
    expect(kinds.slice(0, 4)).toEqual(['/a.html,/js/a*', '/a.html', '/a.html,/js/a*', '/a.html']);
  });

  test('the wildcards and the other paths of a request are asked for by themselves', async () => {
    running = await startFunction(SITE, { quota: { kind: 'in-progress', paths: 3000, wildcards: 0 } });
    const tilde = message('m~', s3Body('js/a~b.js'));
    expect((await running.receive([tilde, message('m1', s3Body('a.html'))])).returned).toEqual(['m~']);
    expect(paths()).toEqual([['/a.html']]);
  });

  test('what two seconds take is not asked for in one', async () => {
    running = await startFunction(SITE, { quota: RATE_QUOTA, now: () => running?.now() ?? 0 });
    expect((await running.receive(batch(pages(200)))).returned).toEqual([]);
    expect(running.cloudFront.calls.map((call) => call.paths.length)).toEqual([200, 150, 50]);
  });

  test('what has no time to wait for comes back', async () => {
    running = await startFunction();
    running.cloudFront.fault = () => FULL;
    // Two seconds are kept for reporting: there is time for a wait of a second, and none for one of two.
    expect((await running.receive(batch(['a.html']), 4500)).returned).toEqual(['a.html']);
    expect(running.cloudFront.calls).toHaveLength(2);
  });
});

describe('when CloudFront fails', () => {
  test('the very same request is made again, also after some of its plan was accepted', async () => {
    let now = 0;
    running = await startFunction(SITE, { quota: RATE_QUOTA, now: () => (now += 1000) });
    // Of the two requests of a second each, the answer to the second is lost more often than the SDK tries.
    running.cloudFront.fault = ({ number }) => (number > 2 && number < 7 ? { kind: 'lose-answer' } : undefined);
    expect((await running.receive(batch(pages(200)))).returned).toEqual([]);
    expect(paths().map((asked) => asked.length)).toEqual([150, 50]);
    expect(running.cloudFront.calls.at(-1)?.outcome.kind).toBe('repeated');
  });

  test('what one request has waited is not taken from the next', async () => {
    running = await startFunction(SITE, { quota: RATE_QUOTA, now: () => running?.now() ?? 0 });
    // Each of the two requests that a second each takes fails for eight seconds: the SDK tries twice in each.
    let tries = 0;
    running.cloudFront.fault = ({ paths: asked }) =>
      asked.length > 150 || ++tries % 17 === 0 ? undefined : UNAVAILABLE;
    expect((await running.receive(batch(pages(200)))).returned).toEqual([]);
  });

  test('half of all calls failing returns nothing, however long that goes on', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ number }) => (number % 4 < 2 ? UNAVAILABLE : undefined);
    for (let at = 0; at < 20; at++) {
      expect((await running.receive(batch([`page-${at}.html`]))).returned).toEqual([]);
    }
  });

  test('an outage is not waited for in each invocation, and is over with the first that is accepted', async () => {
    running = await startFunction();
    running.cloudFront.fault = () => FULL;
    const callsOf = async (key: string) => {
      const before = running.cloudFront.calls.length;
      await running.receive(batch([key]));
      return running.cloudFront.calls.length - before;
    };
    expect([await callsOf('a'), await callsOf('b'), await callsOf('c'), await callsOf('d')]).toEqual([6, 6, 2, 2]);
    running.cloudFront.fault = undefined;
    expect(await callsOf('e')).toBe(1);
    running.cloudFront.fault = () => FULL;
    expect(await callsOf('f')).toBe(6);
  });
});

test('an outage of one distribution is none of another', () => {
  const strain = makeStrain();
  strain.refused('E1', true, 0);
  strain.refused('E1', true, 0);
  strain.refused('E2', true, 0);
  expect([strain.isOutOfOrder('E1'), strain.isOutOfOrder('E2')]).toEqual([true, false]);
});

test('a plan that throws much of the cache away waits until the last such plan is some time ago', async () => {
  // Each time, another twentieth of a large bucket changes.
  const keys = pages(30_000);
  running = await startFunction(SITE, {}, listing(keys));
  // Newer than any invalidation: else the first one covers them all.
  const time = new Date(Date.now() + 3_600_000).toISOString();
  const waits = async (changed: readonly string[]) => {
    const { returned, log } = await running.receive(changed.map((key) => message(key, s3Body(key, { time }))));
    expect(returned).toEqual([]);
    return log.flatMap((line) => (line.message === 'Waiting' ? [[line.why, line.ms]] : []));
  };
  expect(await waits(keys.filter((_, at) => at % 20 === 0))).toEqual([]);
  // All but what is kept for asking and reporting, of 35 s.
  expect(await waits(keys.filter((_, at) => at % 20 === 1))).toEqual([['WideTooEarly', expect.closeTo(31_000, -4)]]);
  expect(await waits(['page-00002'])).toEqual([]);
});

describe('the distance of wide plans', () => {
  const wide = { discarded: 10_000, guessed: false };
  /** Has a wide plan accepted at the time 0. */
  function strained() {
    const strain = makeStrain();
    strain.asks('E1', wide);
    strain.accepted('E1', ['/*'], 0);
    return strain;
  }

  test('is kept to the last one that was accepted, of the same distribution', () => {
    const strain = strained();
    expect([strain.tooEarlyBy('E1', wide, 1000), strain.tooEarlyBy('E2', wide, 1000)]).toEqual([50_000, 0]);
    expect(strain.tooEarlyBy('E1', { discarded: 9999, guessed: false }, 1000)).toBe(0);
    expect(strain.tooEarlyBy('E1', { discarded: 0, guessed: true }, 1000)).toBe(50_000);
    strain.asks('E1', wide);
    strain.refused('E1', false, 50_000);
    expect(strain.tooEarlyBy('E1', wide, 60_000)).toBe(0);
  });

  test('is not begun by the exact paths of a wide plan, nor by the wildcards of another', () => {
    const strain = makeStrain();
    strain.asks('E1', wide);
    strain.accepted('E1', ['/a.html'], 0);
    expect(strain.tooEarlyBy('E1', wide, 1000)).toBe(0);
    strain.asks('E1', { discarded: 0, guessed: false });
    strain.accepted('E1', ['/a*'], 0);
    expect(strain.tooEarlyBy('E1', wide, 1000)).toBe(0);
  });

  test('is not kept while CloudFront accepts nothing at all', () => {
    const strain = strained();
    strain.refused('E1', false, 0);
    strain.refused('E1', false, 0);
    expect(strain.tooEarlyBy('E1', wide, 1000)).toBe(0);
    strain.accepted('E1', ['/a.html'], 0);
    expect(strain.tooEarlyBy('E1', wide, 1000)).toBe(50_000);
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
    expect(strain.tooEarlyBy('E1', wide, 71_000)).toBe(89_000);
    expect([strain.isScarce('E1', 959_999), strain.isScarce('E1', 960_000)]).toEqual([true, false]);
    expect(strain.isScarce('E2', 60_000)).toBe(false);
  });
});

test('where wildcards are scarce, what is too early for the next one comes back, and is covered by it', async () => {
  const keys = pages(30_000);
  running = await startFunction(SITE, {}, listing(keys));
  const time = new Date(Date.now() + 3_600_000).toISOString();
  const receive = (start: number) =>
    running.receive(keys.filter((_, at) => at % 20 === start).map((key) => message(key, s3Body(key, { time }))));
  running.cloudFront.fault = () => FULL;
  expect((await receive(0)).returned).toHaveLength(1500);
  running.cloudFront.fault = undefined;
  expect((await receive(1)).returned).toEqual([]);
  const calls = running.cloudFront.calls.length;
  const { returned, log } = await receive(2);
  expect(returned).toHaveLength(1500);
  expect(running.cloudFront.calls).toHaveLength(calls);
  expect(log.find((line) => line.message === 'Message returned')).toMatchObject({
    cause: 'postponed',
    why: expect.stringMatching(/^WideTooEarly: CloudFront is short of wildcards; .* is due in \d+ s$/),
  });
  expect(log.some((line) => line.message === 'Waiting')).toBe(false);
  // Nothing was refused: CloudFront is not taken to be out of order.
  for (const start of [3, 4]) expect((await receive(start)).returned).toHaveLength(1500);
  running.pass(90_000);
  expect((await receive(5)).returned).toEqual([]);
});

describe('a bucket that does not answer', () => {
  const unanswered: List = async () => {
    listed++;
    throw new Error('SlowDown');
  };
  let listed = 0;
  beforeEach(async () => {
    listed = 0;
    running = await startFunction(SITE, {}, unanswered);
  });

  test('is asked once in an invocation, however often that plans', async () => {
    running.cloudFront.fault = ({ number }) => (number === 1 ? FULL : undefined);
    expect((await running.receive(batch(pages(20)))).returned).toEqual([]);
    expect([running.cloudFront.calls.length, listed]).toEqual([2, 1]);
    await running.receive(batch(['b-1', 'b-2', 'b-3']));
    expect(listed).toBe(2);
  });

  test('is not asked when there is hardly time for CloudFront', async () => {
    expect((await running.receive(batch(pages(20)), 3900)).returned).toEqual([]);
    expect([running.cloudFront.calls.length, listed]).toEqual([1, 0]);
  });
});

test('where the census fails, one wildcard is guessed at a time, and not soon again', async () => {
  running = await startFunction(SITE, {}, async () => {
    throw new Error('SlowDown');
  });
  const time = new Date(Date.now() + 3_600_000).toISOString();
  const folders = (round: string) =>
    ['a', 'b'].flatMap((folder) => Array.from({ length: 200 }, (_, at) => `posts-${folder}/${at}-${round}.html`));
  const waits = async (keys: readonly string[]) => {
    const { returned, log } = await running.receive(keys.map((key) => message(key, s3Body(key, { time }))));
    expect(returned).toEqual([]);
    return log.filter((line) => line.message === 'Waiting').map(({ why }) => why);
  };
  expect(await waits(folders('first'))).toEqual([]);
  expect(await waits(['index.html', 'js/run~1.js'])).toEqual([]);
  expect(await waits(folders('second'))).toEqual(['WideTooEarly']);
  expect(paths()).toEqual([['/posts-*'], ['/index.html', '/js/run*'], ['/posts-*']]);
});

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
const pages = (count: number) => Array.from({ length: count }, (_, at) => `page-${String(at).padStart(3, '0')}`);

describe("when CloudFront's quota is full", () => {
  test('what is refused is asked for again in the same invocation', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ number }) => (number < 4 ? FULL : undefined);
    expect((await running.receive(batch(['a.html', 'b.html']))).returned).toEqual([]);
    expect(paths()).toEqual([['/a.html', '/b.html']]);
  });

  test('it is covered by fewer and wider paths each time', async () => {
    // 1,000 objects, of which 300 change: one path each is cheapest, as long as there are enough.
    const unchanged = Array.from({ length: 700 }, (_, at) => `page-${at}-unchanged`);
    const keys = pages(300);
    const objects = [...keys, ...unchanged].sort().map((key) => ({ key, lastModified: 0 }));
    running = await startFunction(SITE, {}, async ({ prefix }) => ({
      objects: objects.filter(({ key }) => key.startsWith(prefix)),
      truncated: false,
    }));
    running.cloudFront.fault = ({ number }) => (number < 4 ? FULL : undefined);
    expect((await running.receive(batch(keys))).returned).toEqual([]);
    const asked = running.cloudFront.calls.map((call) => call.paths.length);
    expect(asked.at(-1)).toBeLessThan(asked[0] as number);
    expect(
      paths()
        .flat()
        .every((path) => path.endsWith('*')),
    ).toBe(true);
  });

  test('exact paths pass while no wildcard does, and the few objects under one are asked for one by one in the end', async () => {
    running = await startFunction(SITE, {}, async () => ({ objects: [], truncated: false }));
    running.cloudFront.fault = ({ paths: asked }) => (asked.some((path) => path.endsWith('*')) ? FULL : undefined);
    const keys = ['docs/a', 'docs/b', 'docs/c', 'docs/d'];
    expect((await running.receive(batch(keys))).returned).toEqual([]);
    expect(paths().flat().sort()).toEqual(keys.map((key) => `/${key}`));
  });

  test('the wildcards and the other paths of a request are asked for by themselves', async () => {
    running = await startFunction(SITE, { quota: { kind: 'in-progress', paths: 3000, wildcards: 0 } });
    const tilde = message('m~', s3Body('js/a~b.js'));
    expect((await running.receive([tilde, message('m1', s3Body('a.html'))])).returned).toEqual(['m~']);
    expect(paths()).toEqual([['/a.html']]);
  });

  test('what two seconds take is not asked for in one', async () => {
    let now = 0;
    running = await startFunction(SITE, { quota: RATE_QUOTA, now: () => (now += 1000) });
    expect((await running.receive(batch(pages(200)))).returned).toEqual([]);
    expect(paths().map((asked) => asked.length)).toEqual([150, 50]);
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
  strain.refused('E1');
  strain.refused('E1');
  strain.refused('E2');
  expect([strain.isOutOfOrder('E1'), strain.isOutOfOrder('E2')]).toEqual([true, false]);
});

test('a plan that throws much of the cache away waits until the last such plan is some time ago', async () => {
  // Each time, another twentieth of a large bucket changes.
  const keys = Array.from({ length: 30_000 }, (_, at) => `p${String(at).padStart(5, '0')}`);
  running = await startFunction(SITE, {}, async ({ prefix, startAfter, maxKeys }) => {
    const under = keys.filter((key) => key.startsWith(prefix) && key > startAfter);
    return {
      objects: under.slice(0, maxKeys).map((key) => ({ key, lastModified: 0 })),
      truncated: under.length > maxKeys,
    };
  });
  const changed = (round: number) => keys.filter((_, at) => at % 20 === round);
  // Newer than any invalidation: else the first one covers them all.
  const time = new Date(Date.now() + 3_600_000).toISOString();
  const waits = async (round: number) => {
    const { returned, log } = await running.receive(changed(round).map((key) => message(key, s3Body(key, { time }))));
    expect(returned).toEqual([]);
    return log.flatMap((line) => (line.message === 'Waiting' ? [[line.why, line.ms]] : []));
  };
  expect(await waits(0)).toEqual([]);
  // All but what is kept for asking and reporting, of 30 s.
  expect(await waits(1)).toEqual([['WideTooEarly', expect.closeTo(26_000, -4)]]);
});

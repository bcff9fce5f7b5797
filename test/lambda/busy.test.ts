import type { ListObjects } from '../../lambda/bucket/list-objects';
import type { Fault } from '../../local/cloudfront/fault';
import { RATE_QUOTA } from '../../local/cloudfront/quota';
import { listing, type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body } from './messages';

let running: RunningFunction;
afterEach(() => running?.stop());

const FULL: Fault = { kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' };
const UNAVAILABLE: Fault = { kind: 'refuse', status: 503, code: 'ServiceUnavailable' };

const noWildcards = ({ paths: asked }: { readonly paths: readonly string[] }) =>
  asked.some((path) => path.endsWith('*')) ? FULL : undefined;

const paths = () => running.cloudFront.invalidations.map((invalidation) => invalidation.paths);
const batch = (keys: readonly string[]) => keys.map((key) => message(key, s3Body(key)));
const pages = (count: number) => Array.from({ length: count }, (_, at) => `page-${String(at).padStart(5, '0')}`);

describe("when CloudFront's quota is full", () => {
  test('what is refused is sent again in the same invocation', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ number }) => (number < 4 ? FULL : undefined);
    const { returned, log } = await running.receive(batch(['a.html', 'b.html']));
    expect(returned).toEqual([]);
    expect(paths()).toEqual([['/a.html', '/b.html']]);
    const [waiting] = log.filter((line) => line.message === 'Waiting');
    expect(waiting).toMatchObject({ level: 'INFO', distribution: 'E1SITE', why: FULL.code, ms: expect.any(Number) });
  });

  test('it is covered by fewer and wider paths', async () => {
    // 40 of 20,000 objects: for a wildcard, too few by far, until a path is 16 times dearer.
    const keys = pages(20_000);
    running = await startFunction(SITE, {}, listing(keys));
    running.cloudFront.fault = ({ number }) => (number === 1 ? FULL : undefined);
    expect((await running.receive(batch(keys.filter((_, at) => at % 500 === 0)))).returned).toEqual([]);
    expect(running.cloudFront.calls.map((call) => call.paths.length)).toEqual([40, 1]);
  });

  test('exact paths pass while no wildcard does: the few objects under one are planned without, in the end', async () => {
    running = await startFunction(SITE, {}, async () => ({ objects: [], truncated: false }));
    running.cloudFront.fault = noWildcards;
    const keys = ['docs/a', 'docs/b', 'docs/c', 'docs/d'];
    expect((await running.receive(batch(keys))).returned).toEqual([]);
    expect(paths().flat().sort()).toEqual(keys.map((key) => `/${key}`));
  });

  test('but not more than 500 exact paths', async () => {
    running = await startFunction(SITE, {}, listing([]));
    running.cloudFront.fault = noWildcards;
    expect((await running.receive(batch(pages(501)))).returned).toHaveLength(501);
    expect(paths()).toEqual([]);
    expect((await running.receive(batch(pages(500)))).returned).toEqual([]);
  });

  test('where only wildcards are refused, there are fewer of them, and they are no wider', async () => {
    const keys = ['a', 'b', 'c', 'd'].flatMap((folder) => pages(50).map((page) => `${folder}/${page}`));
    running = await startFunction(SITE, {}, listing(pages(20_000)));
    running.cloudFront.fault = noWildcards;
    expect((await running.receive(batch(keys))).returned).toEqual([]);
    expect(running.cloudFront.calls.flatMap((call) => call.paths)).not.toContain('/*');
    expect(paths().flat().sort()).toEqual(keys.map((key) => `/${key}`).sort());
  });

  test('the wildcards and the other paths of a request are sent by themselves', async () => {
    running = await startFunction(SITE, { quota: { kind: 'in-progress', paths: 3000, wildcards: 0 } });
    const tilde = message('m~', s3Body('js/a~b.js'));
    expect((await running.receive([tilde, message('m1', s3Body('a.html'))])).returned).toEqual(['m~']);
    expect(paths()).toEqual([['/a.html']]);
  });

  test('a wildcard is not sent again before a wait', async () => {
    const quota = { kind: 'in-progress', paths: 3000, wildcards: 1 } as const;
    running = await startFunction(SITE, { quota, completesAfter: 14_000, now: () => running?.now() ?? 0 });
    for (const key of ['x/a~b.js', 'y/a~b.js']) expect((await running.receive(batch([key]))).returned).toEqual([]);
    // The second at once, and after waits of 1, 2, 4 and 8 s.
    expect(running.cloudFront.calls.map(({ paths: [asked] }) => asked)).toEqual(['/x/a*', ...Array(5).fill('/y/a*')]);
  });

  test('what two seconds take is not sent in one', async () => {
    running = await startFunction(SITE, { quota: RATE_QUOTA, now: () => running?.now() ?? 0 });
    expect((await running.receive(batch(pages(200)))).returned).toEqual([]);
    expect(running.cloudFront.calls.map((call) => call.paths.length)).toEqual([200, 150, 50]);
  });

  test('as long as something passes, what is left is sent again, however often', async () => {
    const quota = { kind: 'in-progress', paths: 150, wildcards: 0 } as const;
    running = await startFunction(SITE, { quota, completesAfter: 2000, now: () => running?.now() ?? 0 });
    expect((await running.receive(batch(pages(750)))).returned).toEqual([]);
    expect(new Set(paths().flat()).size).toBe(750);
  });

  test('what has no time for a wait fails', async () => {
    running = await startFunction();
    running.cloudFront.fault = () => FULL;
    // Two seconds are kept for reporting: there is time for a wait of a second, and none for one of two.
    expect((await running.receive(batch(['a.html']), 4500)).returned).toEqual(['a.html']);
    expect(running.cloudFront.calls).toHaveLength(2);
  });
});

describe('when CloudFront fails', () => {
  test('the very same request is retried, also after some of its plan was accepted', async () => {
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

  test('half of all calls failing fails no message, however long that goes on', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ number }) => (number % 4 < 2 ? UNAVAILABLE : undefined);
    for (let at = 0; at < 20; at++) {
      expect((await running.receive(batch([`page-${at}.html`]))).returned).toEqual([]);
    }
  });

  test('an outage is not waited for in each invocation, and ends with the first invalidation that is accepted', async () => {
    running = await startFunction();
    running.cloudFront.fault = () => FULL;
    const callsOf = async (key: string) => {
      const before = running.cloudFront.calls.length;
      await running.receive(batch([key]));
      return running.cloudFront.calls.length - before;
    };
    expect([await callsOf('a'), await callsOf('b'), await callsOf('c'), await callsOf('d')]).toEqual([6, 6, 3, 3]);
    expect((await running.receive(batch(['again']))).log.map(({ message }) => message)).not.toContain('Waiting');
    running.cloudFront.fault = undefined;
    expect(await callsOf('e')).toBe(1);
    running.cloudFront.fault = () => FULL;
    expect(await callsOf('f')).toBe(6);
  });
});

describe('a bucket that does not answer', () => {
  const unanswered: ListObjects = async () => {
    listed++;
    throw new Error('SlowDown');
  };
  let listed = 0;
  beforeEach(async () => {
    listed = 0;
    running = await startFunction(SITE, {}, unanswered);
  });

  test('is listed once in an invocation, however often that plans', async () => {
    running.cloudFront.fault = ({ number }) => (number === 1 ? FULL : undefined);
    const { returned, log } = await running.receive(batch(pages(20)));
    expect(returned).toEqual([]);
    expect([running.cloudFront.calls.length, listed]).toEqual([2, 1]);
    const planned = log.find((line) => line.message === 'Planned');
    expect(planned).toMatchObject({ level: 'WARN', listingFailure: 'Error: SlowDown' });
    await running.receive(batch(['b-1', 'b-2', 'b-3']));
    expect(listed).toBe(2);
  });

  test('is not listed when there is hardly time for CloudFront', async () => {
    expect((await running.receive(batch(pages(20)), 3900)).returned).toEqual([]);
    expect([running.cloudFront.calls.length, listed]).toEqual([1, 0]);
  });
});

test('where the bucket cannot be listed, one wildcard is guessed at a time, and not soon again', async () => {
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
  expect(await waits(['index.html'])).toEqual([]);
  expect(await waits(folders('second'))).toEqual(['Paced']);
  expect(paths()).toEqual([['/posts-*'], ['/index.html'], ['/posts-*']]);
});

test('a page with query strings has three wildcards, which are no guess: nothing else is evicted for it', async () => {
  const origins = SITE.origins.map((origin) => ({ ...origin, queryStrings: true }));
  running = await startFunction({ origins, indexDocument: 'index.html' });
  expect((await running.receive(batch(['docs/index.html']))).returned).toEqual([]);
  expect(paths()).toEqual([['/docs', '/docs/', '/docs/?*', '/docs/index.html*', '/docs?*']]);
});

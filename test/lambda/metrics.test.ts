import { type LogLine, listing, type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body, s3Record } from './messages';

let running: RunningFunction;
afterEach(() => running.stop());

const secondsAgo = (seconds: number) => new Date(Date.now() - 1000 * seconds).toISOString();

const NOTHING_BUT_THE_BATCH = {
  Messages: [1],
  Changes: [0],
  CoveredChanges: [0],
  Invalidations: [0],
  InvalidatedPaths: [0],
  Wildcards: [0],
  EvictedObjects: [0],
  ListedPages: [0],
};

test('a batch counts what it told of, what was accepted for it, and how stale that had become', async () => {
  running = await startFunction({
    indexDocument: 'index.html',
    origins: ['E1SITE', 'E2SITE'].map((distribution) => ({ bucket: 'site', distribution, path: '' })),
  });
  const { metrics } = await running.receive([
    message('m1', s3Body('a/index.html', { time: secondsAgo(90) })),
    message('m2', s3Body('js/a~b.js', { time: secondsAgo(50) })),
    message('m3', s3Body('b.html', { bucket: 'another' })),
  ]);
  const { Staleness, ...counts } = metrics;
  expect(counts).toEqual({
    ...NOTHING_BUT_THE_BATCH,
    Messages: [3],
    Changes: [4],
    Invalidations: [2],
    // /a, /a/, /a/index.html and /js/a* in each.
    InvalidatedPaths: [8],
    Wildcards: [2],
  });
  expect(Staleness).toHaveLength(2);
  for (const seconds of Staleness ?? []) expect(Math.round(seconds / 10)).toBe(9);
});

test('a batch of nothing to do still counts, by zeros', async () => {
  running = await startFunction();
  const { metrics } = await running.receive([message('m1', s3Body('a.html', { bucket: 'another' }))]);
  expect(metrics).toEqual(NOTHING_BUT_THE_BATCH);
});

test('changes that are retried are counted once, their messages each time', async () => {
  running = await startFunction();
  const { metrics } = await running.receive([message('m1', s3Body('a.html'), 2), message('m2', s3Body('b.html'))]);
  expect(metrics).toMatchObject({ Messages: [2], Changes: [1], InvalidatedPaths: [2] });
});

test('a change is one of a message, a bucket and a key', async () => {
  const origins = ['site', 'another'].map((bucket) => ({ bucket, distribution: 'E1SITE', path: '' }));
  running = await startFunction({ origins, indexDocument: '' });
  const records = [s3Record('a.html'), s3Record('b.html'), s3Record('a.html', { bucket: 'another' })];
  const { metrics } = await running.receive([
    message('m1', JSON.stringify({ Records: records })),
    message('m2', s3Body('a.html')),
  ]);
  expect(metrics).toMatchObject({ Changes: [4], InvalidatedPaths: [2] });
});

test('an object that two origins of a distribution serve has changed once', async () => {
  const origin = { bucket: 'site', distribution: 'E1SITE', path: '' };
  running = await startFunction({ origins: [origin, { ...origin, path: '/en' }], indexDocument: '' });
  const { metrics } = await running.receive([message('m1', s3Body('en/a.html'))]);
  expect(metrics).toMatchObject({ Changes: [1], InvalidatedPaths: [2] });
});

test('a change that is covered is counted, and no path', async () => {
  running = await startFunction();
  const body = s3Body('a.html', { time: secondsAgo(60) });
  await running.receive([message('m1', body)]);
  const { metrics } = await running.receive([message('m2', body)]);
  expect(metrics).toEqual({ ...NOTHING_BUT_THE_BATCH, Changes: [1], CoveredChanges: [1] });
});

describe('what a wildcard evicts is estimated', () => {
  const keys = Array.from({ length: 40 }, (_, at) => `docs/${at}.html`);
  const others = Array.from({ length: 300 }, (_, at) => `other/${at}`);
  const list = listing([...keys, 'docs/x', 'docs/y', ...others].sort());
  let listedPages = 0;

  beforeEach(async () => {
    listedPages = 0;
    running = await startFunction(SITE, {}, async (...request) => {
      listedPages++;
      return list(...request);
    });
    const refuse = { kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' } as const;
    running.cloudFront.fault = ({ number }) => (number === 1 ? refuse : undefined);
  });

  test('and counted once, into however many requests its plan is divided', async () => {
    const { metrics, log } = await running.receive([...keys, 'z.html'].map((key) => message(key, s3Body(key))));
    expect(running.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/z.html'], ['/docs/*']]);
    expect(listedPages).toBeGreaterThan(0);
    expect(metrics).toMatchObject({
      Invalidations: [2],
      InvalidatedPaths: [2],
      Wildcards: [1],
      EvictedObjects: [2],
      ListedPages: [listedPages],
      ThrottledErrors: [1],
    });
    expect(log.find(({ message }: LogLine) => message === 'Planned')).toMatchObject({
      level: 'INFO',
      distribution: 'E1SITE',
      pathCount: 2,
      wildcardCount: 1,
      evictedObjects: 2,
      price: 2.02,
      listedPages,
    });
  });

  test('and counted for the plan that was accepted alone', async () => {
    const { metrics, log } = await running.receive(keys.map((key) => message(key, s3Body(key))));
    expect(log.filter(({ message }: LogLine) => message === 'Planned')).toHaveLength(2);
    expect(metrics).toMatchObject({ Wildcards: [1], EvictedObjects: [2], ListedPages: [listedPages] });
  });
});

test.each([
  ['TooManyInvalidationsInProgress', 400, 'ThrottledErrors', 'RetriedMessages'],
  ['ServiceUnavailable', 503, 'UnavailableErrors', 'RetriedMessages'],
  ['AccessDenied', 403, 'ConfigurationErrors', 'RetriedMessages'],
  ['InvalidationBatchAlreadyExists', 409, 'ConflictErrors', 'RetriedMessages'],
  ['Teapot', 418, 'UnexpectedErrors', 'RetriedMessages'],
  ['InvalidArgument', 400, 'InvalidRequestErrors', 'RejectedMessages'],
])('%s is counted by its cause, and the message as it fails', async (code, status, refusals, messages) => {
  running = await startFunction();
  running.cloudFront.fault = () => ({ kind: 'refuse', status, code });
  const { metrics, log } = await running.receive([message('m1', s3Body('a.html'))]);
  const refused = log.filter(({ message }: LogLine) => message === 'CreateInvalidation failed');
  const { [refusals]: [counted] = [], ...others } = metrics;
  expect(counted).toBe(refused.length);
  expect(counted).toBeGreaterThan(0);
  expect(others).toEqual({ ...NOTHING_BUT_THE_BATCH, Changes: [1], ListedPages: [0], [messages]: [1] });
});

test('a malformed message is rejected', async () => {
  running = await startFunction();
  const { metrics } = await running.receive([message('m1', '')]);
  expect(metrics).toEqual({ ...NOTHING_BUT_THE_BATCH, RejectedMessages: [1] });
});

test('more invalidations than a line of metrics holds go into several, and none is lost or doubled', async () => {
  const origins = Array.from({ length: 250 }, (_, at) => ({ bucket: 'site', distribution: `E${at}`, path: '' }));
  running = await startFunction({ indexDocument: '', origins });
  const { metrics } = await running.receive([message('m1', s3Body('a.html'))]);
  expect(metrics.Staleness).toHaveLength(250);
  expect(metrics.Invalidations).toEqual([250]);
});

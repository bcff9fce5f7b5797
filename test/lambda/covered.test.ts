import { type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body, s3Record } from './messages';

let running: RunningFunction;
afterEach(() => running.stop());

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const upload = (id: string, key: string, time: string) => message(id, s3Body(key, { time }));

test('a change older than an invalidation of its path needs none of its own, and the log says which covers it', async () => {
  running = await startFunction();
  await running.receive([upload('m1', 'a.html', ago(20_000))]);
  const { returned, log } = await running.receive([upload('m2', 'a.html', ago(15_000))]);
  expect(returned).toEqual([]);
  expect(running.cloudFront.calls).toHaveLength(1);
  expect(log).toContainEqual(
    expect.objectContaining({
      message: 'Already covered',
      distribution: 'E1SITE',
      invalidationId: running.cloudFront.invalidations[0]?.id,
      keys: ['a.html'],
    }),
  );
});

test('the log names every key that is covered, once, in lines of fifty', async () => {
  running = await startFunction();
  const keys = Array.from({ length: 60 }, (_, at) => `page-${at}.html`).sort();
  await running.receive(keys.map((key) => upload(key, key, ago(20_000))));
  const { log } = await running.receive(['page-0.html', ...keys].map((key, at) => upload(`m${at}`, key, ago(15_000))));
  const lines = log.filter((line) => line.message === 'Already covered');
  expect(lines.map((line) => [(line.keys as string[]).length, line.keyCount])).toEqual([
    [50, 60],
    [10, 60],
  ]);
  expect(lines.flatMap((line) => line.keys)).toEqual(keys);
});

test('a message that is retried names its keys', async () => {
  running = await startFunction();
  await running.receive([upload('m1', 'a.html', ago(20_000))]);
  running.cloudFront.fault = () => ({ kind: 'refuse', status: 403, code: 'AccessDenied' });
  const records = ['a.html', 'b.html'].map((key) => s3Record(key, { time: ago(15_000) }));
  const { log } = await running.receive([message('m2', JSON.stringify({ Records: records }))]);
  expect(log).toContainEqual(expect.objectContaining({ message: 'Message failed', keys: ['a.html', 'b.html'] }));
});

test('a change that two invalidations cover is counted once', async () => {
  running = await startFunction({ ...SITE, indexDocument: 'index.html' });
  await running.receive([upload('m1', 'docs/~', ago(20_000))]);
  await running.receive([upload('m2', 'docs', ago(20_000))]);
  const { log, metrics } = await running.receive([upload('m3', 'docs/index.html', ago(15_000))]);
  expect(log.filter((line) => line.message === 'Already covered')).toHaveLength(2);
  expect(metrics.CoveredChanges).toEqual([1]);
});

test('a newer change does', async () => {
  running = await startFunction();
  await running.receive([upload('m1', 'a.html', ago(20_000))]);
  await running.receive([upload('m2', 'a.html', ago(0))]);
  expect(running.cloudFront.invalidations).toHaveLength(2);
});

test.each([
  ['from 23 hours before its message is believed', 23 * 3_600_000, 0, 1],
  ['from 25 hours before its message is not believed', 25 * 3_600_000, 0, 2],
  ['that nobody understands is when its message was sent', undefined, 15_000, 1],
])('a time %s', async (_, changed, sent, invalidations) => {
  running = await startFunction();
  await running.receive([upload('m1', 'a.html', ago(20_000))]);
  const record = upload('m2', 'a.html', changed === undefined ? 'yesterday' : ago(changed));
  record.attributes.SentTimestamp = String(Date.now() - sent);
  await running.receive([record]);
  expect(running.cloudFront.invalidations).toHaveLength(invalidations);
});

test('a change of which nobody says when it was is covered by nothing', async () => {
  running = await startFunction();
  await running.receive([upload('m1', 'a.html', ago(20_000))]);
  const record = upload('m2', 'a.html', 'yesterday');
  record.attributes.SentTimestamp = '';
  await running.receive([record]);
  expect(running.cloudFront.invalidations).toHaveLength(2);
});

test('an invalidation that was refused covers nothing', async () => {
  running = await startFunction();
  running.cloudFront.fault = () => ({ kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' });
  await running.receive([upload('m1', 'a.html', ago(20_000))]);
  running.cloudFront.fault = undefined;
  expect((await running.receive([upload('m2', 'a.html', ago(15_000))])).returned).toEqual([]);
  expect(running.cloudFront.invalidations).toHaveLength(1);
});

test('an earlier invalidation, given as the answer to a repeated request, covers only what is older than itself', async () => {
  let clock = Date.now() - 60_000;
  running = await startFunction(SITE, { now: () => clock });
  const first = [upload('m1', 'a.html', ago(90_000))];
  running.cloudFront.fault = () => ({ kind: 'lose-answer' });
  await running.receive(first);
  running.cloudFront.fault = undefined;
  clock = Date.now();
  await running.receive(first);
  await running.receive([upload('m2', 'a.html', ago(30_000))]);
  expect(running.cloudFront.invalidations).toHaveLength(2);
});

test('one distribution being covered does not cover the other', async () => {
  const origins = ['E1SITE', 'E2OTHER'].map((distribution) => ({ bucket: 'site', distribution, path: '' }));
  running = await startFunction({ ...SITE, origins });
  running.cloudFront.fault = ({ distribution }) =>
    distribution === 'E2OTHER' ? { kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' } : undefined;
  const batch = [upload('m1', 'a.html', ago(20_000))];
  expect((await running.receive(batch)).returned).toEqual(['m1']);
  running.cloudFront.fault = undefined;
  expect((await running.receive(batch)).returned).toEqual([]);
  expect(running.cloudFront.invalidations.map(({ distribution }) => distribution)).toEqual(['E1SITE', 'E2OTHER']);
});

test('an index document is covered only when all its paths are', async () => {
  running = await startFunction({ ...SITE, indexDocument: 'index.html' });
  await running.receive([upload('m1', 'docs/~', ago(20_000))]);
  expect(running.cloudFront.invalidations[0]?.paths).toEqual(['/docs/*']);
  await running.receive([upload('m2', 'docs/index.html', ago(15_000))]);
  expect(running.cloudFront.invalidations).toHaveLength(2);
  await running.receive([upload('m3', 'docs/a/index.html', ago(15_000))]);
  expect(running.cloudFront.invalidations).toHaveLength(2);
});

test('what is excluded is acknowledged and never invalidated', async () => {
  running = await startFunction({
    ...SITE,
    origins: [{ bucket: 'site', distribution: 'E1SITE', path: '/en', exclude: ['assets/**', '**/*.map'] }],
  });
  const { returned, log } = await running.receive([
    message('m1', s3Body('en/assets/app.3f2a.js')),
    message('m2', s3Body('en/js/.hidden/app.js.map')),
    message('m3', s3Body('en/assets.html')),
  ]);
  expect(returned).toEqual([]);
  expect(running.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/assets.html']]);
  expect(log).toContainEqual(
    expect.objectContaining({ messageId: 'm1', why: '"en/assets/app.3f2a.js" of bucket site is excluded' }),
  );
  expect(log).toContainEqual(expect.objectContaining({ message: 'Batch handled', ignoredCount: 2 }));
});

test('what a later glob takes back in is invalidated', async () => {
  running = await startFunction({
    ...SITE,
    origins: [{ bucket: 'site', distribution: 'E1SITE', path: '', exclude: ['assets/**', '!assets/logo.png'] }],
  });
  const keys = ['assets/app.js', 'assets/logo.png', 'a.html'];
  expect((await running.receive(keys.map((key) => message(key, s3Body(key))))).returned).toEqual([]);
  expect(running.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/a.html', '/assets/logo.png']]);
});

test('what lies outside of the prefix is acknowledged and never invalidated', async () => {
  running = await startFunction({
    ...SITE,
    origins: [{ bucket: 'site', distribution: 'E1SITE', path: '/en', prefix: 'en/docs/' }],
  });
  const { returned, log } = await running.receive([
    message('m1', s3Body('en/a.html')),
    message('m2', s3Body('en/docs/a.html')),
  ]);
  expect(returned).toEqual([]);
  expect(running.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/docs/a.html']]);
  expect(log).toContainEqual(
    expect.objectContaining({ messageId: 'm1', why: 'no prefix covers "en/a.html" of bucket site' }),
  );
});

import type { SQSEvent } from 'aws-lambda';
import { type RunningFunction, SITE, startFunction } from './function';
import { eventBridgeBody, message, s3Body, snsBody, TEST_EVENT } from './messages';

let running: RunningFunction;
afterEach(() => running.stop());

const accepted = () => running.cloudFront.invalidations.map(({ distribution, paths }) => [distribution, ...paths]);

test('an upload becomes one invalidation of its path', async () => {
  running = await startFunction();
  expect((await running.receive([message('m1', s3Body('a.html'))])).returned).toEqual([]);
  expect(accepted()).toEqual([['E1SITE', '/a.html']]);
});

test('a batch becomes one request, its paths sorted and unique', async () => {
  running = await startFunction();
  const { returned } = await running.receive([
    message('m1', s3Body('c.html')),
    message('m2', eventBridgeBody('b c.html')),
    message('m3', snsBody(s3Body('a.html'))),
    message('m4', s3Body('c.html', { event: 'ObjectRemoved:Delete' })),
  ]);
  expect(returned).toEqual([]);
  expect(accepted()).toEqual([['E1SITE', '/a.html', '/b%20c.html', '/b+c.html', '/c.html']]);
  expect(running.cloudFront.calls).toHaveLength(1);
});

test('a path that a wildcard covers is not sent', async () => {
  running = await startFunction();
  await running.receive([message('m1', s3Body('js/a~b.js')), message('m2', s3Body('js/ab.js'))]);
  expect(accepted()).toEqual([['E1SITE', '/js/a*']]);
});

test('the caller reference leads from the invalidation to the message', async () => {
  running = await startFunction();
  await running.receive([message('m2', s3Body('a.html')), message('m1', s3Body('b.html'))]);
  expect(running.cloudFront.invalidations[0]?.callerReference).toMatch(/^m1-[0-9a-f]{32}$/);
});

test('a test event is acknowledged, and nothing is sent', async () => {
  running = await startFunction();
  expect((await running.receive([message('m1', TEST_EVENT)])).returned).toEqual([]);
  expect(running.cloudFront.calls).toEqual([]);
});

test('a malformed message fails alone, and says why', async () => {
  running = await startFunction();
  const { returned, log } = await running.receive([
    message('m1', s3Body('a.html')),
    message('m2', 'not JSON', 7),
    message('m3', s3Body('b.html')),
  ]);
  expect(returned).toEqual(['m2']);
  expect(accepted()).toEqual([['E1SITE', '/a.html', '/b.html']]);
  expect(log).toContainEqual(
    expect.objectContaining({ message: 'Batch handled', messageCount: 3, ignoredCount: 0, failedCount: 1 }),
  );
  expect(log).toContainEqual(
    expect.objectContaining({
      level: 'ERROR',
      message: 'Message failed',
      messageId: 'm2',
      receiveCount: 7,
      cause: 'malformed',
      why: 'the body is not a JSON object: "not JSON"',
      body: 'not JSON',
    }),
  );
});

test('a message that nests too deep to be shown fails alone', async () => {
  running = await startFunction();
  const deep = `{"Records":${'['.repeat(5000)}${']'.repeat(5000)}}`;
  expect((await running.receive([message('m1', s3Body('a.html')), message('m2', deep)])).returned).toEqual(['m2']);
  expect(accepted()).toEqual([['E1SITE', '/a.html']]);
});

test('a line of the log stays within what CloudWatch holds, whatever the keys', async () => {
  running = await startFunction();
  const keys = Array.from({ length: 60 }, (_, at) => String(at).padEnd(1000, '\u0001'));
  const { log } = await running.receive(keys.map((key) => message(key.slice(0, 2), s3Body(key))));
  for (const line of log) expect(JSON.stringify(line).length).toBeLessThan(256 * 1024);
  const lines = log.filter(({ message }) => message.startsWith('Invalidation accepted'));
  expect(lines.flatMap(({ keys }) => keys)).toEqual(keys.toSorted());
  expect(lines).toHaveLength(3);
});

test('what no origin serves is acknowledged, logged at debug, and sends nothing', async () => {
  const origins = [{ bucket: 'site', distribution: 'E1SITE', path: '/en' }];
  running = await startFunction({ ...SITE, origins });
  const { returned, log } = await running.receive([
    message('m1', s3Body('en/a.html', { bucket: 'other' })),
    message('m2', s3Body('fr/a.html')),
  ]);
  expect(returned).toEqual([]);
  expect(running.cloudFront.calls).toEqual([]);
  const debug = log.filter(({ level }) => level === 'DEBUG');
  expect(debug).toEqual([
    expect.objectContaining({ messageId: 'm1', why: 'no origin serves "en/a.html" of bucket other' }),
    expect.objectContaining({ messageId: 'm2', why: 'no origin serves "fr/a.html" of bucket site' }),
  ]);
});

test('a bucket behind two distributions is invalidated in both, each under its own paths', async () => {
  running = await startFunction({
    indexDocument: 'index.html',
    origins: [
      { bucket: 'site', distribution: 'E1SITE', path: '/en' },
      { bucket: 'site', distribution: 'E2ALL', path: '' },
      { bucket: 'other', distribution: 'E2ALL', path: '' },
    ],
  });
  await running.receive([message('m1', s3Body('en/index.html')), message('m2', s3Body('b.html', { bucket: 'other' }))]);
  expect(accepted().sort()).toEqual([
    ['E1SITE', '/', '/index.html'],
    ['E2ALL', '/b.html', '/en', '/en/', '/en/index.html'],
  ]);
});

test('an accepted invalidation is logged with what it was for', async () => {
  running = await startFunction();
  const { log, requestId } = await running.receive([
    message('m1', s3Body('a.html')),
    message('m2', s3Body('b.html')),
    message('m3', s3Body('a.html')),
  ]);
  const [invalidation] = running.cloudFront.invalidations;
  expect(log).toContainEqual(
    expect.objectContaining({
      level: 'INFO',
      message: 'Invalidation accepted',
      distribution: 'E1SITE',
      invalidationId: invalidation?.id,
      callerReference: invalidation?.callerReference,
      status: 'InProgress',
      createTime: new Date(invalidation?.createTime ?? 0).toISOString(),
      paths: ['/a.html', '/b.html'],
      pathCount: 2,
      messageCount: 3,
      keys: ['a.html', 'b.html'],
      keyCount: 2,
      oldestChangeSeconds: expect.any(Number),
      function_request_id: requestId,
    }),
  );
});

test('the log names every key of a large batch, in lines of fifty', async () => {
  running = await startFunction();
  const keys = Array.from({ length: 125 }, (_, index) => `page-${index}.html`).sort();
  const { log } = await running.receive(keys.map((key) => message(key, s3Body(key))));
  const lines = log.filter(({ message }) => message.startsWith('Invalidation accepted'));
  expect(lines.map(({ keys }) => (keys as string[]).length)).toEqual([50, 50, 25]);
  expect(lines.flatMap(({ keys }) => keys)).toEqual(keys);
  expect(new Set(lines.map(({ invalidationId }) => invalidationId)).size).toBe(1);
  expect(lines[0]?.paths).toHaveLength(50);
});

test('a key cannot forge a line of the log', async () => {
  running = await startFunction();
  const { log } = await running.receive([message('m1', s3Body('a\n{"level":"ERROR"}.html')), message('m2', 'b\n{}')]);
  expect(log.map(({ message }) => message).sort()).toEqual([
    'Batch handled',
    'Invalidation accepted',
    'Message failed',
    'Planned',
  ]);
});

test('an event that is no batch of messages is refused, quoting its beginning', async () => {
  running = await startFunction();
  const event = { key1: 'x'.repeat(1000) } as unknown as SQSEvent['Records'][number];
  await expect(running.receive([event])).rejects.toThrow(
    /must be a batch of SQS messages, but it is (?=\{"Records":\[\{"key1":"x).{200}$/,
  );
});

test('an empty batch is nothing to do', async () => {
  running = await startFunction();
  expect((await running.receive([])).returned).toEqual([]);
  expect(running.cloudFront.calls).toEqual([]);
});

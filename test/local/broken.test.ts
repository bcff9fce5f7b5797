import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { CreateCall, Fault } from '../../local/cloudfront/fault';
import { invalidates } from '../../local/cloudfront/path-rules';
import type { LocalEvent } from '../../local/local-stack';
import { isMetrics } from '../../local/log-line';
import { s3Body } from '../lambda/messages';
import { eventually } from './eventually';
import { type HastyStack, startHastyStack } from './hasty-stack';

jest.setTimeout(60_000);

let stack: HastyStack;
const events: LocalEvent[] = [];

const KEYS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'].map((name) => `${name}.html`);

/** Keys of S3's greatest length, 1,024 bytes, of what is encoded in one, two, three and four bytes, or needs a wildcard. */
const LONG_KEYS = ['a', ' ', 'é', '日', '🎉', '~', '%', 'a/'].map((piece, at) => {
  const start = `long-${at}-`;
  const key = start + piece.repeat(Math.floor((1_020 - start.length) / Buffer.byteLength(piece)));
  // With a dot: the site's function takes names without for folders.
  return `${key}${'x'.repeat(1_020 - Buffer.byteLength(key))}.txt`;
});

beforeAll(async () => {
  stack = await startHastyStack({
    onEvent: (event) => events.push(event),
    // Unchanged objects are so dear that no wildcard pays.
    context: { maxBatchingWindow: '0', refetchesPerPath: '0.001' },
    overrides: {
      'Invalidator/Queue': { VisibilityTimeout: 600, 'RedrivePolicy.maxReceiveCount': 5 },
      'Invalidator/Function': { Timeout: 4 },
    },
    populate: async (s3, Bucket) => {
      // What stands beside the long keys and stays as it is, so that no wildcard over all of them pays.
      const beside = LONG_KEYS.map((_, at) => `long-${at}-beside.html`);
      for (const Key of [...KEYS, ...LONG_KEYS, ...beside])
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'old' }));
    },
  });
});

afterAll(() => stack.close());
afterEach(() => {
  stack.cloudFront.fault = undefined;
});

const urlOf = (key: string) => `/${encodeURI(key)}`;
const view = async (key: string) => (await fetch(stack.edge.url + urlOf(key))).text();
const put = (Key: string) =>
  stack.s3.send(new PutObjectCommand({ Bucket: stack.site.bucket, Key, Body: 'new', ContentType: 'text/html' }));

const invalidationsOf = (key: string) =>
  stack.cloudFront.invalidations.filter(({ paths }) => paths.some((path) => invalidates(path, urlOf(key))));

/** The messages that were deleted, or that are retried. */
const became = (fate: 'deleted' | 'returned') =>
  events.flatMap((event) => (event.kind === 'processed' ? event[fate] : []));

/** Changes a page that the edge holds, and waits until it is fresh and no message is on its way. */
async function change(key: string): Promise<{ changedAt: number; dead: string[] }> {
  expect(await view(key)).toBe('old');
  const changedAt = Date.now();
  await put(key);
  // What the edge holds it serves until an invalidation matches.
  await eventually(
    () => view(key),
    (body) => body === 'new',
  );
  return { changedAt, dead: await stack.settled() };
}

const kill = (signal: NodeJS.Signals, fault?: Fault) => () => {
  stack.signalFunction(signal);
  return fault;
};

describe.each<[string, string, (call: CreateCall) => Fault | undefined, RegExp]>([
  ['is killed before its request is carried out', 'one.html', kill('SIGKILL', { kind: 'hang' }), /Runtime.ExitError/],
  [
    'is killed when its request is carried out',
    'two.html',
    kill('SIGKILL', { kind: 'delay-answer', ms: 60_000 }),
    /Runtime.ExitError/,
  ],
  ['stops in mid-call until it is out of time', 'three.html', kill('SIGSTOP'), /Sandbox.Timedout/],
  ['waits for CloudFront until its time is nearly up', 'four.html', () => ({ kind: 'hang' }), /OutOfTime/],
  ['gets none of its answers', 'five.html', () => ({ kind: 'lose-answer' }), /unavailable/],
  ['gets answers that are cut off', 'six.html', () => ({ kind: 'cut-answer', after: 200 }), /unavailable/],
  ['gets half of the XML', 'seven.html', () => ({ kind: 'garble-answer', as: 'truncated-xml' }), /parse error/],
  ['gets a web page for an answer', 'eight.html', () => ({ kind: 'garble-answer', as: 'not-xml' }), /parse error/],
])('when the function %s', (_, key, fault, said) => {
  test('its message is retried, is paid for once, and the page is fresh', async () => {
    const cameBack = () => became('returned').filter(({ body }) => body.includes(key)).length;
    stack.cloudFront.fault = (call) => (cameBack() === 0 ? fault(call) : undefined);
    const { changedAt, dead } = await change(key);

    expect(dead).toEqual([]);
    expect(cameBack()).toBeGreaterThan(0);
    const [invalidation, ...others] = invalidationsOf(key);
    expect(others).toEqual([]);
    expect(invalidation?.createTime).toBeGreaterThanOrEqual(changedAt);
    const calls = stack.cloudFront.calls.filter(({ paths }) => paths.includes(`/${key}`));
    expect(calls.length).toBeGreaterThan(1);
    expect(new Set(calls.map(({ callerReference }) => callerReference)).size).toBe(1);
    expect(stack.logs.map(({ text }) => text).join('\n')).toMatch(said);
  });
});

test('a message that is delivered twice at a time is paid for once', async () => {
  const calls = () => stack.cloudFront.calls.filter(({ paths }) => paths.includes('/nine.html')).length;
  let arrived = 0;
  stack.cloudFront.fault = async () => {
    arrived += 1;
    if (arrived === 1) {
      const invoked = events.findLast((event) => event.kind === 'invoked');
      await stack.showAgain(invoked?.records ?? []);
      await eventually(
        () => arrived,
        (count) => count > 1,
      );
    }
    return undefined;
  };
  expect((await change('nine.html')).dead).toEqual([]);
  expect(calls()).toBeGreaterThan(1);
  expect(invalidationsOf('nine.html')).toHaveLength(1);
});

test('the same notification a thousand times is paid for once by each environment that sees it', async () => {
  const lately = new Date(Date.now() - 60_000).toISOString();
  const body = s3Body('thousand.html', { bucket: stack.site.bucket, time: lately });
  await stack.send(Array.from({ length: 1_000 }, () => body));
  expect(await stack.settled()).toEqual([]);
  const deleted = became('deleted').filter((record) => record.body === body);
  expect(new Set(deleted.map(({ messageId }) => messageId)).size).toBe(1_000);
  const paid = invalidationsOf('thousand.html');
  expect(paid.length).toBeGreaterThan(0);
  // Two batches at a time, each with a memory of its own.
  expect(paid.length).toBeLessThanOrEqual(2);
});

test('keys of 1,024 bytes are fresh, whatever they are made of', async () => {
  for (const key of LONG_KEYS) expect(Buffer.byteLength(key)).toBe(1_024);
  const changes = await Promise.all(LONG_KEYS.map(change));
  expect(changes.flatMap(({ dead }) => dead)).toEqual([]);
});

test('256 KB of nonsense end in the dead-letter queue, alone', async () => {
  const size = 256 * 1_024;
  const nonsense = [
    'nonsense \u0085\u2028\u009b31m '.padEnd(size, 'x'),
    `{"Records":${'['.repeat(size / 2 - 100)}${']'.repeat(size / 2 - 100)}}`,
    JSON.stringify({ Records: Array.from({ length: 10_000 }, (_, at) => ({ at })) }).padEnd(size, ' '),
  ].map((text) => text.slice(0, size));
  const beside = s3Body('beside.html', { bucket: stack.site.bucket });
  await stack.send([beside]);
  for (const body of nonsense) await stack.send([body]);
  const dead = await stack.settled();
  expect(dead.sort()).toEqual(nonsense.toSorted());
  expect(invalidationsOf('beside.html')).toHaveLength(1);
  for (const { text } of stack.logs) expect(Buffer.byteLength(text)).toBeLessThan(256 * 1_024);
});

test('the bundled function writes JSON, a line each, and nothing that steers a terminal', () => {
  expect(stack.logs.length).toBeGreaterThan(10);
  for (const { text, fields } of stack.logs) {
    expect(text).not.toMatch(/(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    if (!isMetrics(fields)) expect(fields).toHaveProperty('level');
  }
});

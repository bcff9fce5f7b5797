import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { acceptedInvalidation } from '../../lambda/completion/invalidation-event';
import { nextCheck } from '../../lambda/completion/next-check';
import { type LocalEventBridge, startEventBridge } from '../../local/eventbridge/server';
import { type RunningFunction, SITE, type Site, startFunction } from './function';
import { message, s3Body } from './messages';
import { startSqs } from './sqs';

const PROJECT = join(__dirname, '../..');
const schema = JSON.parse(readFileSync(join(PROJECT, 'docs/invalidation-events.schema.json'), 'utf8'));
const isEvent = new Ajv2020({ strictTypes: false }).compile(schema);

let running: RunningFunction;
let eventBridge: LocalEventBridge;
let sqs: Awaited<ReturnType<typeof startSqs>>;

beforeEach(async () => {
  eventBridge = await startEventBridge();
  sqs = await startSqs();
});

afterEach(async () => {
  await running?.stop();
  await eventBridge.close();
  await sqs.close();
});

/** CloudFront's time, which goes on only when a test says so. */
let now: number;

/** A function that tells what it does; CloudFront completes invalidations after 60 s. */
async function start(site: Partial<Site> = {}, options: Parameters<typeof startFunction>[1] = {}) {
  now = Date.now();
  const events = { eventBridge: eventBridge.url, queueUrl: sqs.queueUrl };
  running = await startFunction({ ...SITE, events, ...site }, { now: () => now, completesAfter: 60_000, ...options });
}

function pass(seconds: number): void {
  now += seconds * 1000;
  running.pass(seconds * 1000);
}

/** A change of so many seconds ago. */
const change = (id: string, key = 'a.html', ago = 3) =>
  message(id, s3Body(key, { time: new Date(running.now() - ago * 1000).toISOString() }));

/** The message that the function sent itself last, as it is received. */
const follow = (id: string, receives = 1) => message(id, sqs.sent.at(-1)?.MessageBody ?? '', receives);

const told = () => eventBridge.events.map((event) => [event['detail-type'], event.detail.invalidationId]);
const warnings = (log: readonly { level: string; message: string }[]) =>
  log.filter(({ level }) => level !== 'INFO' && level !== 'DEBUG').map((line) => line.message);

test('what CloudFront accepts is told, and the function reminds itself to look again', async () => {
  await start();
  const { returned, metrics, log } = await running.receive([change('m1'), change('m2', 'docs/b c.html', 8)]);
  expect([returned, warnings(log)]).toEqual([[], []]);
  const [invalidation] = running.cloudFront.invalidations;
  const [event] = eventBridge.events;
  expect(eventBridge.events).toHaveLength(1);
  expect(event).toMatchObject({
    source: 'cloudfront-invalidator',
    'detail-type': 'Invalidation Accepted',
    detail: {
      distribution: 'E1SITE',
      invalidationId: invalidation?.id,
      callerReference: invalidation?.callerReference,
      paths: ['/a.html', '/docs/b%20c.html', '/docs/b+c.html'],
      pathCount: 3,
      keys: ['a.html', 'docs/b c.html'],
      keyCount: 2,
    },
  });
  const { accepted, oldestChange } = event?.detail ?? {};
  const age = Date.parse(String(accepted)) - Date.parse(String(oldestChange));
  expect(age).toBeGreaterThanOrEqual(8000);
  expect(age).toBeLessThan(38_000);
  expect(sqs.sent).toEqual([
    expect.objectContaining({ QueueUrl: sqs.queueUrl, DelaySeconds: 5, MessageBody: expect.any(String) }),
  ]);
  expect(JSON.parse(sqs.sent[0]?.MessageBody ?? '')).toEqual({ completion: event?.detail });
  expect(metrics.TimeToFresh).toBeUndefined();
});

test('a completed invalidation is told with its time, and counted in seconds', async () => {
  await start();
  await running.receive([change('m1')]);
  pass(61);
  const { returned, metrics, log } = await running.receive([follow('c1')]);
  expect(returned).toEqual([]);
  const id = running.cloudFront.invalidations[0]?.id;
  expect(told()).toEqual([
    ['Invalidation Accepted', id],
    ['Invalidation Completed', id],
  ]);
  const { completed, timeToFresh, ...detail } = eventBridge.events[1]?.detail ?? {};
  expect(detail).toEqual(eventBridge.events[0]?.detail);
  expect(timeToFresh).toBeGreaterThanOrEqual(64);
  expect(timeToFresh).toBeLessThan(94);
  expect(timeToFresh).toBe((Date.parse(String(completed)) - Date.parse(String(detail.oldestChange))) / 1000);
  expect(metrics.TimeToFresh).toEqual([timeToFresh]);
  expect(log).toContainEqual(
    expect.objectContaining({
      message: 'Invalidation completed',
      invalidationId: id,
      timeToFreshSeconds: Math.round(Number(timeToFresh)),
    }),
  );
  expect(sqs.sent).toHaveLength(1);
});

test('both events are as the schema in the package says, which names every field', async () => {
  await start({ requests: true });
  const request = { invalidate: { distribution: 'E1SITE', paths: ['/x'], tags: ['t'] } };
  await running.receive([change('m1'), message('m2', JSON.stringify(request))]);
  pass(61);
  await running.receive(sqs.sent.map(({ MessageBody }, at) => message(`c${at}`, MessageBody)));
  expect(new Set(told().map(([type]) => type)).size).toBe(2);
  const named = { ...schema.$defs.accepted.properties, ...schema.$defs.completed.properties };
  for (const event of eventBridge.events) {
    expect([isEvent(event), isEvent.errors]).toEqual([true, null]);
    expect(Object.keys(event.detail).filter((name) => !(name in named))).toEqual([]);
  }
  const [event] = eventBridge.events;
  expect(isEvent({ ...event, 'detail-type': 'Invalidation Completed' })).toBe(false);
  for (const name of Object.keys(event?.detail ?? {})) {
    expect([name, isEvent({ ...event, detail: { ...event?.detail, [name]: undefined } })]).toEqual([name, false]);
  }
});

test('the manual shows a detail as the schema has it, and the package brings both', () => {
  const manual = readFileSync(join(PROJECT, 'docs/events.md'), 'utf8');
  const detail = JSON.parse(manual.match(/^```json\n(.*?)^```/ms)?.[1] ?? '');
  expect(isEvent({ source: 'cloudfront-invalidator', 'detail-type': 'Invalidation Completed', detail })).toBe(true);
  const { accepted, completed } = schema.$defs;
  expect(Object.keys(detail)).toEqual([...accepted.required, ...completed.required]);
  expect(manual).toContain('](invalidation-events.schema.json)');
  expect(JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')).files).toContain('docs');
});

test('what somebody requested has no key', async () => {
  await start({ requests: true });
  await running.receive([message('m1', JSON.stringify({ invalidate: { distribution: 'E1SITE', tags: ['t'] } }))]);
  expect(eventBridge.events[0]?.detail).toMatchObject({ paths: ['#t'], keys: [], keyCount: 0 });
});

test('an invalidation in progress is looked at again, after a longer delay', async () => {
  await start({}, { completesAfter: 1e9 });
  await running.receive([change('m1')]);
  for (const seconds of [5, 300]) {
    pass(seconds);
    expect((await running.receive([follow('c')])).returned).toEqual([]);
  }
  expect(sqs.sent.map(({ DelaySeconds }) => DelaySeconds)).toEqual([5, 5, 60]);
  const [first, ...later] = sqs.sent.map(({ MessageBody }) => JSON.parse(MessageBody));
  expect(later).toEqual([first, first]);
  expect(told()).toHaveLength(1);
});

test.each([
  [0, 5],
  [-3, 5],
  [20, 5],
  [40, 10],
  [240, 60],
  [3000, 60],
  [3600, 60],
  [3601, undefined],
])('after %s s the next look is in %s s', (age, seconds) => {
  expect(nextCheck(age)).toBe(seconds);
});

test('what is not completed after an hour is let go, with a warning', async () => {
  await start({}, { completesAfter: 1e9 });
  await running.receive([change('m1')]);
  pass(3700);
  const { returned, log } = await running.receive([follow('c1')]);
  expect(returned).toEqual([]);
  expect(log).toContainEqual(
    expect.objectContaining({
      level: 'WARN',
      message: 'Completion given up',
      why: expect.stringMatching(/^it is not completed 37\d\d s after/),
    }),
  );
  expect([sqs.sent.length, eventBridge.events.length]).toEqual([1, 1]);
});

const deny = {
  cloudFront: () => running.cloudFront.close(),
  call: () => {
    eventBridge.fault = { kind: 'refuse', code: 'AccessDeniedException' };
  },
  entry: () => {
    eventBridge.fault = { kind: 'refuse-entry', code: 'InternalFailure' };
  },
  message: () => {
    sqs.isDenied = true;
  },
};

describe.each<[string, keyof typeof deny, number]>([
  ['CloudFront does not say', 'cloudFront', 61],
  ['EventBridge refuses the call', 'call', 61],
  ['EventBridge refuses the entry', 'entry', 61],
  ['SQS refuses the next message', 'message', 30],
])('%s:', (_, what, seconds) => {
  beforeEach(async () => {
    await start();
    await running.receive([change('m1')]);
    pass(seconds);
    await deny[what]();
  });

  test('the message is received again, and counts neither as retried nor as rejected', async () => {
    const { returned, log, metrics } = await running.receive([follow('c1', 9)]);
    expect(returned).toEqual(['c1']);
    expect(warnings(log)).toEqual(['Completion check failed']);
    expect([metrics.Messages, metrics.RetriedMessages, metrics.RejectedMessages]).toEqual([[0], undefined, undefined]);
    expect(metrics.TimeToFresh).toBeUndefined();
  });

  test('it is let go with a warning, long before it would be a dead letter', async () => {
    const { returned, log } = await running.receive([follow('c1', 10)]);
    expect(returned).toEqual([]);
    expect(log).toContainEqual(
      expect.objectContaining({
        message: 'Completion given up',
        why: expect.stringContaining('its message was received 10 times: '),
      }),
    );
    expect(warnings(log)).toEqual(['Completion given up']);
  });
});

test('a change is done with when CloudFront accepted it, whether or not anybody could be told', async () => {
  await start();
  deny.call();
  deny.message();
  const { returned, log, metrics } = await running.receive([change('m1')]);
  expect(returned).toEqual([]);
  expect(running.cloudFront.invalidations).toHaveLength(1);
  expect(warnings(log).sort()).toEqual(['Completion not followed', 'Event not sent']);
  expect(log).toContainEqual(
    expect.objectContaining({ message: 'Event not sent', error: 'AccessDeniedException', distribution: 'E1SITE' }),
  );
  expect(metrics.RetriedMessages).toBeUndefined();
});

test('an EventBridge that hangs holds up no change for longer than the function has', async () => {
  await start();
  eventBridge.fault = { kind: 'hang' };
  const { returned, log } = await running.receive([change('m1')]);
  expect(returned).toEqual([]);
  expect(warnings(log)).toEqual(['Event not sent']);
  expect(sqs.sent).toHaveLength(1);
});

test('a look that fails holds back no change beside it, nor the other way round', async () => {
  await start({ origins: [...SITE.origins, { bucket: 'other', distribution: 'E2OTHER', path: '' }] });
  await running.receive([change('m1')]);
  pass(61);
  running.failIn('E2OTHER');
  const other = message('m2', s3Body('a.html', { bucket: 'other', time: new Date(running.now()).toISOString() }));
  const unknown = JSON.parse(sqs.sent[0]?.MessageBody ?? '');
  unknown.completion.invalidationId = 'INONE';
  const batch = [other, follow('c1'), message('c2', JSON.stringify(unknown)), change('m3', 'b.html')];
  const { returned, metrics } = await running.receive(batch);
  expect(returned.sort()).toEqual(['c2', 'm2']);
  expect(told().map(([type]) => type)).toEqual(expect.arrayContaining(['Invalidation Completed']));
  expect(running.cloudFront.invalidations.flatMap(({ paths }) => paths)).toEqual(['/a.html', '/b.html']);
  // The function's own messages are no arrivals.
  expect(metrics.Messages).toEqual([2]);
});

test('copies of a message are looked at once', async () => {
  await start();
  await running.receive([change('m1')]);
  pass(61);
  expect((await running.receive([follow('c1'), follow('c2'), follow('c2')])).returned).toEqual([]);
  expect(told()).toHaveLength(2);
});

test('many are looked at, each once', async () => {
  await start();
  for (const at of Array(30).keys()) await running.receive([change(`m${at}`, `${at}.html`)]);
  pass(100);
  const batch = sqs.sent.map(({ MessageBody }, at) => message(`c${at}`, MessageBody));
  expect((await running.receive(batch)).returned).toEqual([]);
  const completed = told().flatMap(([type, id]) => (type === 'Invalidation Completed' ? [id] : []));
  expect(completed.sort()).toEqual(running.cloudFront.invalidations.map(({ id }) => id).sort());
  expect(completed).toHaveLength(30);
});

test('a distribution that no origin has is left alone', async () => {
  await start();
  await running.receive([change('m1')]);
  pass(61);
  const body = (sqs.sent[0]?.MessageBody ?? '').replace('E1SITE', 'E2OTHER');
  const { returned, log } = await running.receive([message('c1', body)]);
  expect(returned).toEqual([]);
  expect(warnings(log)).toEqual(['Completion given up']);
  expect(told()).toHaveLength(1);
});

test("a tenant's invalidation is followed at the tenant", async () => {
  const origins = [{ bucket: 'site', distribution: 'E1SITE', tenant: 'dt_A', path: '' }];
  await start({ origins }, { tenants: { dt_A: 'E1SITE' } });
  await running.receive([change('m1')]);
  pass(61);
  const { returned, log } = await running.receive([follow('c1')]);
  expect([returned, warnings(log)]).toEqual([[], []]);
  expect(eventBridge.events.map(({ detail }) => [detail.distribution, detail.tenant])).toEqual([
    ['E1SITE', 'dt_A'],
    ['E1SITE', 'dt_A'],
  ]);
  expect(eventBridge.events.map((event) => isEvent(event))).toEqual([true, true]);
});

test('a dry run tells nothing, and looks at nothing', async () => {
  await start();
  await running.receive([change('m1')]);
  const left = follow('c1');
  await running.stop();
  await start({ dryRun: true });
  const { returned } = await running.receive([change('m2'), left]);
  expect(returned).toEqual([]);
  expect([sqs.sent.length, eventBridge.events.length]).toEqual([1, 1]);
});

test('without the option nothing is told, and what was sent before is acknowledged', async () => {
  await start();
  await running.receive([change('m1')]);
  pass(61);
  const left = follow('c1');
  await running.stop();
  await start({ events: undefined });
  const { returned, log } = await running.receive([change('m2'), left]);
  expect(returned).toEqual([]);
  expect(log).toContainEqual(
    expect.objectContaining({ level: 'DEBUG', messageId: 'c1', why: 'there is no event bus' }),
  );
  expect([sqs.sent.length, eventBridge.events.length]).toEqual([1, 1]);
});

const VALID = {
  distribution: 'E1SITE',
  invalidationId: 'I1',
  callerReference: 'm1-x',
  paths: ['/a'],
  pathCount: 1,
  keys: ['a'],
  keyCount: 1,
  oldestChange: '2026-11-23T08:00:00.000Z',
  accepted: '2026-11-23T08:00:03.000Z',
};

test.each<[string, unknown, string]>([
  ['no object', 'x', 'completion must be an object, but it is "x"'],
  ['a list', [], 'completion must be an object'],
  ['nothing', {}, 'completion.distribution must be text that is not empty, but it is missing'],
  ['no id', { ...VALID, invalidationId: '' }, 'completion.invalidationId must be text that is not empty, but it is ""'],
  ['no reference', { ...VALID, callerReference: 7 }, 'completion.callerReference must be text'],
  ['a path', { ...VALID, paths: '/a' }, 'completion.paths must be a list of texts, but it is "/a"'],
  ['a number among keys', { ...VALID, keys: ['a', 1] }, 'completion.keys must be a list of texts'],
  ['a count below 0', { ...VALID, pathCount: -1 }, 'completion.pathCount must be a whole number, but it is -1'],
  ['a broken count', { ...VALID, keyCount: 1.5 }, 'completion.keyCount must be a whole number'],
  ['a time that is none', { ...VALID, accepted: '2026-13-45T08:00:00.000Z' }, 'completion.accepted must be a time'],
  ['a year', { ...VALID, oldestChange: '2026' }, 'completion.oldestChange must be a time such as'],
])('%s is malformed, and holds back nothing else', async (_, completion, why) => {
  await start();
  const { returned, log } = await running.receive([message('c1', JSON.stringify({ completion })), change('m1')]);
  expect(returned).toEqual(['c1']);
  expect(log).toContainEqual(
    expect.objectContaining({ level: 'ERROR', cause: 'malformed', why: expect.stringContaining(why) }),
  );
  expect(running.cloudFront.invalidations).toHaveLength(1);
});

/** What CloudFront has accepted. */
const ACCEPTED = {
  kind: 'accepted' as const,
  callerReference: 'm1-x',
  invalidationId: 'I1',
  status: '',
  createTime: 0,
};

test('however much is invalidated at once, an event and a message are billed as one', () => {
  const paths = Array.from({ length: 3000 }, (_, at) => `/${'"é'.repeat(200)}${at}`);
  const changes = Array.from({ length: 10_000 }, (_, at) => ({
    ...{ messageId: `m${at}`, receiveCount: 1, bucket: 'site', time: 1000, paths: [] },
    key: `${'\u0000é'.repeat(300)}${at}`,
  })) as unknown as Parameters<typeof acceptedInvalidation>[2];
  const detail = acceptedInvalidation({ distribution: 'E1', paths, messageIds: [] }, ACCEPTED, changes, 2000);
  expect([detail.pathCount, detail.keyCount]).toEqual([3000, 10_000]);
  expect(detail.paths.length).toBeGreaterThan(10);
  expect(detail.keys.length).toBeGreaterThan(10);
  expect(Buffer.byteLength(JSON.stringify({ completion: detail }))).toBeLessThan(64 * 1024 - 1000);
});

test('a change of which no time is known is as old as its acceptance', () => {
  const changes = [{ bucket: 'site', key: 'a', time: undefined }] as unknown as Parameters<
    typeof acceptedInvalidation
  >[2];
  const request = { distribution: 'E1', paths: ['/a'], messageIds: [] };
  expect(acceptedInvalidation(request, ACCEPTED, changes, 2000).oldestChange).toBe('1970-01-01T00:00:02.000Z');
});

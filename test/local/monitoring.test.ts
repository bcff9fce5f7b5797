import { PutObjectCommand } from '@aws-sdk/client-s3';
import { NAMESPACE } from '../../lambda/contract/metric-names';
import { EXAMPLE_KEY } from '../../lib/monitoring/queries';
import type { Fault } from '../../local/cloudfront/fault';
import { metricsIn } from '../lambda/emf';
import { s3Body } from '../lambda/messages';
import { runQuery } from '../lib/insights';
import { metricsOfAlarms, metricsOnDashboard, queriesIn } from '../lib/monitored';
import { synthesized } from '../lib/templates';
import { eventually } from './eventually';
import { type HastyStack, startHastyStack } from './hasty-stack';

jest.setTimeout(60_000);

const template = synthesized();

/** One call each; nothing of it passes, but by the next ones. The SDK tries again once itself where that may help. */
const REFUSALS: Readonly<Record<string, Fault[]>> = {
  'throttled.html': [refusal('TooManyInvalidationsInProgress')],
  'unavailable.html': [1, 2, 3].map(() => refusal('ServiceUnavailable', 503)),
  'configuration.html': [refusal('AccessDenied', 403)],
  [EXAMPLE_KEY]: [refusal('AccessDenied', 403)],
  'unexpected.html': [refusal('Teapot', 418)],
  'conflict.html': [1, 2, 3].map(() => refusal('InvalidationBatchAlreadyExists', 409)),
  'invalid.html': [refusal('InvalidArgument')],
};

function refusal(code: string, status = 400): Fault {
  return { kind: 'refuse', status, code };
}

let stack: HastyStack;
let before: number;

/** What happens to a site in its worst week: each refusal once, a wildcard, a repeated notification, nonsense, no ledger, no budget. */
beforeAll(async () => {
  before = Date.now();
  stack = await startHastyStack({
    // Unchanged objects are so dear that no wildcard pays, but where a key leaves no choice.
    context: { maxBatchingWindow: '0', refetchesPerPath: '0.001', indexDocument: 'none', maxPathsPerDay: '10' },
    overrides: { 'Invalidator/Queue': { 'RedrivePolicy.maxReceiveCount': 3 } },
    populate: async (s3, bucket) => {
      for (const Key of ['js/a~1.js', 'js/a~2.js']) {
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'old' }));
      }
    },
  });
  // What was listed there is long since changed when this happens: else it would count as part of the same deploy.
  const time = new Date(before + 120_000).toISOString();
  const put = (key: string) => stack.send([s3Body(key, { bucket: stack.site.bucket, time })]);
  stack.cloudFront.fault = ({ paths }) =>
    paths.map((path) => REFUSALS[path.slice(1)]?.shift()).find((fault) => fault !== undefined);
  const isCovered = (path: string) =>
    eventually(
      () => stack.cloudFront.invalidations,
      (invalidations) => invalidations.some(({ paths }) => paths.includes(path)),
    );
  for (const key of Object.keys(REFUSALS)) {
    await put(key);
    await isCovered(`/${key}`);
  }
  await put('js/a~1.js');
  await isCovered('/js/a*');
  // Worth a look at the bucket, as one change is not.
  await stack.send([together(['pages/a.html', 'pages/b.html'])]);
  expect(await stack.settled()).toEqual([]);
  await stack.send([together([EXAMPLE_KEY])]);
  expect(await stack.settled()).toEqual([]);
  // The day's paths are used up, and a batch more.
  for (const key of ['last.html', 'more.html']) {
    await put(key);
    await isCovered(`/${key}`);
  }
  if (stack.dynamoDB) stack.dynamoDB.fault = { kind: 'refuse', status: 400, code: 'AccessDeniedException' };
  await put('alone.html');
  await isCovered('/alone.html');
  expect(await stack.settled()).toEqual([]);
  if (stack.dynamoDB) stack.dynamoDB.fault = undefined;
  await stack.send(['nonsense']);
  expect(await stack.settled()).toEqual(['nonsense']);
});

/** One message of changes from before the stack was there. */
function together(keys: readonly string[]): string {
  const place = { bucket: stack.site.bucket, time: new Date(before - 60_000).toISOString() };
  return JSON.stringify({ Records: keys.flatMap((key) => JSON.parse(s3Body(key, place)).Records) });
}

afterAll(() => stack.close());

test('the function emits each metric that the dashboard and the alarms name', () => {
  const emitted = metricsIn(stack.logs.map(({ fields }) => fields));
  const named = [...metricsOnDashboard(template), ...metricsOfAlarms(template)];
  const ours = new Set(named.filter(({ namespace }) => namespace === NAMESPACE).map(({ name }) => name));
  expect(ours.size).toBeGreaterThan(10);
  expect([...ours].filter((name) => !emitted[name]?.some((value) => value > 0))).toEqual([]);
  expect(Object.keys(emitted).filter((name) => !ours.has(name))).toEqual([]);
});

const ask = (name: string) =>
  runQuery(
    queriesIn(template)[name] ?? '',
    stack.logs.map(({ text }) => text),
  );

test('a saved query finds the last invalidations, the newest first', () => {
  const rows = ask('Last invalidations');
  const { invalidations } = stack.cloudFront;
  expect(rows.map(({ invalidationId }) => invalidationId).sort()).toEqual(invalidations.map(({ id }) => id).sort());
  const times = rows.map((row) => String(row['@timestamp']));
  expect(times).toEqual(times.toSorted().reverse());
  expect(rows).toContainEqual(
    expect.objectContaining({
      distribution: stack.site.id,
      'paths.0': '/js/a*',
      'keys.0': 'js/a~1.js',
      pathCount: 1,
      keyCount: 1,
      oldestChangeSeconds: expect.any(Number),
    }),
  );
});

test('a saved query finds what covered a key, or why nothing did', () => {
  const rows = ask('What covered this key');
  const covering = stack.cloudFront.invalidations.filter(({ paths }) => paths.includes(`/${EXAMPLE_KEY}`));
  const returned = rows.filter(({ message }) => message === 'Message failed');
  expect(returned).toEqual([
    expect.objectContaining({ receiveCount: 1, cause: 'configuration', why: expect.stringMatching(/^AccessDenied: /) }),
  ]);
  const covered = rows.filter((row) => !returned.includes(row));
  expect(new Set(covered.map(({ message }) => message))).toEqual(new Set(['Invalidation accepted', 'Already covered']));
  for (const { invalidationId } of covered) expect(covering.map(({ id }) => id)).toContain(invalidationId);
});

test('a saved query finds what is stuck, and why', () => {
  const rows = ask('What is stuck, and why');
  expect(rows).toContainEqual(
    expect.objectContaining({ receives: 3, lastCause: 'malformed', lastWhy: expect.stringContaining('nonsense') }),
  );
  expect(rows).toContainEqual(
    expect.objectContaining({
      key: 'invalid.html',
      lastCause: 'invalid',
      lastWhy: expect.stringMatching(/^InvalidArg/),
    }),
  );
});

test('a saved query counts the API errors by cause', () => {
  const rows = ask('API errors').map(({ distribution, cause, error, errors }) => [distribution, cause, error, errors]);
  const refused = [
    ['throttled', 'TooManyInvalidationsInProgress', 1],
    ['unavailable', 'ServiceUnavailable', 1],
    ['configuration', 'AccessDenied', 2],
    ['unexpected', 'Teapot', 1],
    ['conflict', 'InvalidationBatchAlreadyExists', 1],
    ['invalid', 'InvalidArgument', 1],
  ];
  expect(rows.sort()).toEqual(refused.map((row) => [stack.site.id, ...row]).sort());
  expect(rows).toHaveLength(refused.length);
});

test('a saved query tells what each distribution cost on each day', () => {
  const rows = ask('Cost by distribution and day');
  const billed = stack.cloudFront.invalidations.reduce((sum, { paths }) => sum + paths.length, 0);
  const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name]), 0);
  expect(new Set(rows.map(({ distribution }) => distribution))).toEqual(new Set([stack.site.id]));
  for (const { day } of rows) expect([before, Date.now()].map(dayOf)).toContain(day);
  expect(sum('pathsBilled')).toBe(billed);
  expect(sum('dollarsUnlessFree')).toBeCloseTo(billed * 0.005);
});

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

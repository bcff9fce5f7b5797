import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { experimentsOf } from '../../e2e/experiments/all';
import { apostrophe } from '../../e2e/experiments/apostrophe';
import { callerReference } from '../../e2e/experiments/caller-reference';
import { windows } from '../../e2e/experiments/lone-message';
import { quotas } from '../../e2e/experiments/quotas';
import { spellings } from '../../e2e/experiments/spellings';
import { tagOfError } from '../../e2e/experiments/tag-of-error';
import type { Experiment } from '../../e2e/finding';
import { openLab } from '../../e2e/lab';
import { localDeployment } from '../../e2e/local/deployment';
import { pathBudget } from '../../e2e/path-budget';
import { type Outcome, run } from '../../e2e/run';
import type { Target } from '../../e2e/target';
import { LOCAL_WAITS } from '../../e2e/waits';
import type { Quota } from '../../local/cloudfront/quota';
import { startCloudFront } from '../../local/cloudfront/server';
import { type Behavior, labOf } from './other-cloudfront';

jest.setTimeout(180_000);

describe('against the local servers', () => {
  let outcome: Outcome;
  const budget = pathBudget(200);

  beforeAll(async () => {
    outcome = await run({
      deployment: localDeployment({ completesAfter: 500 }),
      experiments: experimentsOf({ withWindows: false }),
      waits: LOCAL_WAITS,
      budget,
      lastStart: 150_000,
      signal: new AbortController().signal,
      onProgress: () => {},
    });
  });

  test('nothing fails', () => expect(outcome.failures).toEqual([]));

  test.each([
    ['A changed object is fresh', /^after \d/, true],
    ['cloudfront-invalidator verify says', /^it does$/, true],
    ['The dead-letter queue is empty', /^0 messages$/, true],
  ])('promise: %s', (question, answer, kept) => {
    expect(rowOf(question)).toMatchObject({ answer: expect.stringMatching(answer), kept });
  });

  test.each([
    ['Do five pollers split', /^(yes|no)$/, /^batches of [\d, ]+ messages, [1-8] paths; window 1 s$/],
    ['How long does a lone message wait with a window of 1 s', /^\d+\.\d s, \d+\.\d s$/, /./],
    ['Does invalidating /lab/a@b.html flush /lab/a%40b.html', /^no$/, /a@b.html flushed/],
    ['Does invalidating /lab/c%40d.html flush /lab/c@d.html', /^no$/, /c%40d.html flushed/],
    ["Is ' accepted", /^yes$/, /it's.html flushed/],
    ['How long until an invalidation is effective', /^0\.\d s, 0\.\d s, 0\.\d s$/, /./],
    ['How long until it is Completed', /^\d+\.\d s, \d+\.\d s, \d+\.\d s$/, /./],
    ['Is a repeated caller reference atomic', /^yes$/, /^one invalidation; one invalidation$/],
    ['Does a tag flush a cached 404', /^no$/, /by path: after \d/],
    ['Does one request take 151 exact paths', /^yes$/, /^$/],
    ['Does one request take 1,001 exact paths', /^not measured$/, /^needs --max-paths 1\d{3} or more$/],
  ])('%s: %s', (question, answer, seen) => {
    const row = rowOf(question);
    expect([row?.answer, row?.seen ?? '']).toEqual([expect.stringMatching(answer), expect.stringMatching(seen)]);
    expect(row).not.toHaveProperty('kept');
  });

  test('its 200 paths suffice for all that it measures by default', () => {
    expect(budget.spent).toBeLessThanOrEqual(200);
    const most = experimentsOf({ withWindows: false }).map(
      ({ paths = 0, invalidatorPaths = 0 }) => paths + invalidatorPaths,
    );
    expect(most.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(200);
  });

  const rowOf = (question: string) => outcome.findings.find((finding) => finding.question.startsWith(question));
});

describe('quotas', () => {
  const opened: (() => unknown)[] = [];

  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
  });

  async function labWith(quota: Quota, completesAfter: number, mostPaths: number) {
    const cloudFront = await startCloudFront({ distributions: ['E1'], quota, completesAfter });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new CloudFrontClient({ region: 'us-east-1', credentials, endpoint: cloudFront.url });
    opened.push(
      () => client.destroy(),
      () => cloudFront.close(),
    );
    const deploy = async () => ({ distribution: 'E1', cloudFront: client }) as unknown as Target;
    const budget = pathBudget(mostPaths);
    const lab = await openLab({ waits: LOCAL_WAITS, budget, signal: new AbortController().signal, deploy });
    return { lab, budget, cloudFront };
  }

  /** How CloudFront's quota seems to be. */
  async function measured(quota: Quota, completesAfter: number, mostPaths = 200) {
    const { lab, budget, cloudFront } = await labWith(quota, completesAfter, mostPaths);
    const findings = await quotas.run(lab);
    const paths = cloudFront.invalidations.reduce((sum, each) => sum + each.paths.length, 0);
    expect(budget.spent).toBe(paths);
    expect(paths).toBeLessThanOrEqual(mostPaths);
    return findings.map(({ answer }) => answer);
  }

  test('what CloudFront does not bill is not taken from the budget', async () => {
    const { lab, budget } = await labWith({ kind: 'in-progress', paths: 3, wildcards: 1 }, 60_000, 10);
    const paths = ['/a', '/b'];
    expect([await lab.invalidate(paths, 'r'), budget.spent]).toEqual([
      expect.objectContaining({ kind: 'accepted' }),
      2,
    ]);
    expect([await lab.invalidate(paths, 'r'), budget.spent]).toEqual([
      expect.objectContaining({ kind: 'accepted' }),
      2,
    ]);
    expect(await lab.invalidate(['/c', '/d'])).toEqual({ kind: 'refused', name: 'TooManyInvalidationsInProgress' });
    expect(budget.spent).toBe(2);
    const tooMany = Array.from({ length: 9 }, (_, at) => `/${at}`);
    await expect(lab.invalidate(tooMany)).rejects.toThrow(RangeError);
  });

  test('in progress', async () => {
    const answers = await measured({ kind: 'in-progress', paths: 3000, wildcards: 15 }, 300);
    expect(answers).toEqual(['8', 'probably not: 15 wildcards in progress', 'yes', 'not measured', 'not measured']);
  });

  test('a rate: more is taken while the first is still in progress', async () => {
    const rate = { kind: 'rate', pathsPerSecond: 150, wildcardsPerSecond: 1, burstSeconds: 1 } as const;
    expect(await measured(rate, 60_000)).toEqual(['1', 'yes', 'no: TooManyInvalidationsInProgress']);
  });

  test('none that it meets', async () => {
    const answers = await measured({ kind: 'none' }, 300, 5_000);
    expect(answers).toEqual(['16 or more', 'unclear: no quota was met', 'yes', 'yes', 'no: BatchTooLarge']);
  });
});

test('each window is deployed, and its messages are timed by the log', async () => {
  const deployed: number[] = [];
  let lastKey = '';
  const logSince = async () => [
    { message: 'Invalidation accepted', keys: ['others.html', lastKey], timestamp: new Date(Date.now() + 61_000) },
  ];
  const deploy = async (maxBatchingWindow = 20) => {
    deployed.push(maxBatchingWindow);
    return { maxBatchingWindow, logSince } as unknown as Target;
  };
  const surroundings = { waits: LOCAL_WAITS, budget: pathBudget(10), signal: new AbortController().signal, deploy };
  const lab = await openLab(surroundings);
  const put = async (key: string) => {
    lastKey = key;
  };
  const findings = await windows.run(Object.create(lab, { put: { value: put } }));
  expect(deployed).toEqual([20, 0, 1, 5, 20]);
  expect(findings.map(({ question }) => /of (\d+) s/.exec(question)?.[1])).toEqual(['0', '1', '5', '20']);
  expect(findings.map(({ answer }) => answer)).toEqual(
    Array(4).fill(expect.stringMatching(/^6[01]\.\d s, 6[01]\.\d s$/)),
  );
});

test.each<[string, Experiment, Behavior, string[]]>([
  ['spellings are one', spellings, { normalizes: true }, ['yes', 'yes']],
  ['nothing is cached', spellings, { cachesNothing: true }, ['unclear: was not cached', 'unclear: was not cached']],
  ["' is refused", apostrophe, { refuses: /'/ }, ['no: InvalidArgument']],
  ['references are forgotten', callerReference, { forgetsReferences: true }, ['no']],
  ['tags flush errors', tagOfError, { tagsFlushErrors: true }, ['yes']],
  ['errors are not cached', tagOfError, { cachesNothing: true }, ['unclear: the path did not either']],
])('where %s, it is found', async (_, experiment, behavior, answers) => {
  expect((await experiment.run(labOf(behavior))).map(({ answer }) => answer)).toEqual(answers);
});

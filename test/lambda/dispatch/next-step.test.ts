import type { Outcome } from '../../../lambda/cloudfront/create-invalidation';
import { nextStep } from '../../../lambda/dispatch/next-step';
import type { PathGroup } from '../../../lambda/dispatch/path-group';
import { retryDelay } from '../../../lambda/dispatch/retry-delay';
import type { ServedChange } from '../../../lambda/event/batch';
import { numbered } from '../virtual-environments';

const group = (paths: readonly string[], receiveCount = 1, key = paths.join()): PathGroup => {
  const change: ServedChange = { messageId: key, receiveCount, bucket: 'site', key, paths, time: undefined };
  return { paths, changes: [change] };
};
const error = (kind: 'invalid' | 'throttled' | 'unavailable' | 'configuration' | 'conflict', name: string = kind) => ({
  ...{ kind, name, message: name, callerReference: 'r' },
});
const FULL: Outcome = error('throttled', 'TooManyInvalidationsInProgress');

/** The paths of the requests that follow, and the pauses before them. */
function requestsAfter(groups: readonly PathGroup[], outcome: Outcome) {
  const step = nextStep(groups, outcome);
  if (step.kind !== 'divide') return step.kind;
  return step.requests.map(({ groups, pause }) => [groups.flatMap(({ paths }) => paths), pause]);
}

test('what is full for a whole request is divided into what passes in a second each, the wildcards first', () => {
  const groups = ['/a', '/b', '/c*', '/d*'].map((path) => group([path]));
  expect(requestsAfter(groups, FULL)).toEqual([
    [['/c*', '/a', '/b'], 0],
    [['/d*'], 1000],
  ]);
});

test('what passes in a second is divided into wildcards and other paths', () => {
  expect(requestsAfter([group(['/a']), group(['/b*'])], FULL)).toEqual([
    [['/a'], 0],
    [['/b*'], 0],
  ]);
});

test('what is full for one quota alone is planned again', () => {
  expect(requestsAfter([group(['/a'])], FULL)).toBe('plan again');
  expect(requestsAfter([group(['/a*'])], FULL)).toBe('plan again');
  expect(
    requestsAfter(
      numbered(150, '/').map((path) => group([path])),
      FULL,
    ),
  ).toBe('plan again');
});

test('what is invalid is divided into new and retried messages, then into halves, and rejected alone', () => {
  const [a, b, c] = [group(['/a']), group(['/b'], 2), group(['/c'])];
  expect(requestsAfter([a, b, c], error('invalid'))).toEqual([
    [['/a', '/c'], 0],
    [['/b'], 0],
  ]);
  expect(requestsAfter([a, c], error('invalid'))).toEqual([
    [['/a'], 0],
    [['/c'], 0],
  ]);
  expect(requestsAfter([a], error('invalid'))).toBe('reject');
});

test('after any other error nobody knows whether it was carried out, so it is retried as it was', () => {
  for (const kind of ['throttled', 'unavailable', 'configuration', 'conflict'] as const) {
    expect(requestsAfter([group(['/a']), group(['/b*'])], error(kind))).toBe('retry');
  }
});

test('dividing ends: every request that follows is smaller', () => {
  const pieces = (groups: readonly PathGroup[]) =>
    groups.reduce((sum, { paths, changes }) => sum + paths.length + changes.length, 0);
  const awkward: PathGroup[] = [
    group(['/a', '/a*', '/b*', '/c*']),
    { paths: ['/d*'], changes: [...group(['/d1']).changes, ...group(['/d2'], 3).changes] },
    ...numbered(400, '/').map((path, at) => group([path], 1 + (at % 2))),
  ];
  for (const outcome of [FULL, error('invalid')]) {
    let open: (readonly PathGroup[])[] = [awkward];
    for (let round = 0; open.length > 0; round++) {
      expect(round).toBeLessThan(20);
      open = open.flatMap((groups) => {
        const step = nextStep(groups, outcome);
        return step.kind === 'divide' ? step.requests.map((each) => each.groups) : [];
      });
    }
  }
  expect(pieces(awkward)).toBeGreaterThan(400);
});

describe('a retry', () => {
  const delays = (outcome: ReturnType<typeof error>, isCircuitOpen = false) => {
    const all: number[] = [];
    for (let failures = 1; failures < 100; failures++) {
      const delay = retryDelay(outcome, failures, isCircuitOpen);
      if (delay === undefined) return all;
      all.push(delay);
    }
    throw new Error('There is no end to it');
  };
  const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0);

  test('ends within the time of an invocation', () => {
    expect(sum(delays(error('throttled', 'TooManyInvalidationsInProgress')))).toBeLessThan(38_000);
    expect(sum(delays(error('unavailable')))).toBeLessThan(38_000);
  });

  test('is made once, at once, while CloudFront accepts nothing', () => {
    expect(delays(error('unavailable'), true)).toEqual([0]);
  });

  test('is not made of what passes only after somebody acted', () => {
    for (const kind of ['configuration', 'conflict', 'invalid'] as const) expect(delays(error(kind))).toEqual([]);
  });
});

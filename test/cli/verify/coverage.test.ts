import fc from 'fast-check';
import {
  type Change,
  CLOCK_TOLERANCE,
  coverageOf,
  type Invalidation,
  type PathState,
} from '../../../cli/verify/coverage';
import { spanOf } from '../../../cli/verify/time-span';
import { EFFORT } from '../../effort';

const exactly = (time: number) => ({ earliest: time, latest: time });

const change = (path: string, time = 0): Change => ({ key: path.slice(1), paths: [path], time: exactly(time) });

const invalidation = (items: readonly string[], time = 10_000, isCompleted = true): Invalidation => ({
  id: `I${time}`,
  time: exactly(time),
  isCompleted,
  items,
});

/** The state of one path, after some invalidations. */
function stateAfter(changed: Change, ...invalidations: readonly Invalidation[]) {
  const coverage = coverageOf([changed]);
  for (const each of invalidations) coverage.apply(each);
  return coverage.verdicts()[0]?.paths[0];
}

describe('a path', () => {
  test.each<[path: string, item: string, isCovered: boolean]>([
    ['/a.html', '/a.html', true],
    ['/a.html', '/b.html', false],
    ['/a.html', '/a.htm', false],
    ['/a.html', '/a.html.map', false],
    ['/a.html', '/*', true],
    ['/a.html', '/a*', true],
    ['/a.html', '/a.html*', true],
    ['/a.html', '/a.html/*', false],
    ['/A.html', '/a*', false],
    // A star is a wildcard at the end only.
    ['/docs/a.html', '/*/a.html', false],
    ['/*/a.html', '/*/a.html', true],
    // What only a wildcard covers.
    ['/js/runtime*', '/js/runtime', false],
    ['/js/runtime*', '/js/runtime*', true],
    ['/js/runtime*', '/js/*', true],
    ['/js/runtime*', '/js/runtime~*', false],
    ['/js/runtime*', '/js/runtime-a*', false],
    // Query strings.
    ['/a.html?*', '/a.html', false],
    ['/a.html?*', '/a.html?v=1', false],
    ['/a.html?*', '/a.html?*', true],
    ['/a.html?*', '/a.html*', true],
    ['/a.html', '/a.html?*', false],
    // Spellings are different paths to CloudFront.
    ['/a%20b', '/a+b', false],
    ['/a+b', '/a%2Bb', false],
    ['/a@b', '/a%40b', false],
    ['/%C3%A9', '/%C3%A9', true],
    ['/%C3%A9', '/é', false],
    ['/%C3%A9', '/%c3%a9', false],
    // Accepted, and in vain.
    ['/js/a%7Eb', '/js/a%7Eb', false],
    ['/js/a%7Eb', '/js/a%7E*', false],
    ['/js/a%7Eb', '/js/a*', true],
    ['/a%2A', '/a%2A', false],
    ['/a', '#a', false],
    ['#a', '#a', true],
    ['#a:b', '#A:B', true],
    ['#a', '#ab', false],
    ['#ab', '#a', false],
    // A star in a tag is no wildcard.
    ['#ab', '#a*', false],
    ['#a*', '#a*', true],
    ['#a', '/*', false],
    ['#a', 'a', false],
    ['/a', 'a', false],
    ['/a', '*', false],
  ])('%s is covered by %s: %s', (path, item, isCovered) => {
    expect(stateAfter(change(path), invalidation([item]))?.state).toBe(isCovered ? 'completed' : 'not covered');
  });
});

describe('of several invalidations, the proof is', () => {
  const covering = (time: number, isCompleted: boolean) => invalidation(['/a'], time, isCompleted);

  test('the newest completed one', () => {
    const both = [covering(20_000, true), covering(10_000, true)];
    expect(stateAfter(change('/a'), ...both)).toMatchObject({ state: 'completed', by: { id: 'I20000' } });
  });

  test('a completed one before a newer one in progress, in whatever order they come', () => {
    const both = [covering(20_000, false), covering(10_000, true)];
    for (const order of [both, both.toReversed()]) {
      expect(stateAfter(change('/a'), ...order)).toMatchObject({ state: 'completed', by: { id: 'I10000' } });
    }
  });

  test('the newest one in progress, until it is completed', () => {
    const both = [covering(20_000, false), covering(10_000, false)];
    for (const order of [both, both.toReversed()]) {
      expect(stateAfter(change('/a'), ...order)).toMatchObject({ state: 'in progress', by: { id: 'I20000' } });
    }
    expect(stateAfter(change('/a'), ...both, covering(10_000, true))).toMatchObject({
      state: 'completed',
      by: { id: 'I10000' },
    });
  });

  test('none that is older than the change', () => {
    expect(stateAfter(change('/a', 15_000), covering(10_000, true))).toEqual({ path: '/a', state: 'not covered' });
  });
});

describe('a tie is no proof:', () => {
  const SECOND = 1_700_000_000_000;

  test.each<[what: string, changed: number, created: number, state: PathState]>([
    ['in the same whole second', SECOND, SECOND, 'not proven'],
    ['at the end of that second', SECOND, SECOND + 999, 'not proven'],
    ['within what clocks may differ by', SECOND, SECOND + 999 + CLOCK_TOLERANCE, 'not proven'],
    ['after that', SECOND, SECOND + 1_000 + CLOCK_TOLERANCE, 'completed'],
    ['in the next whole second, which may be rounded up', SECOND, SECOND + 1_000, 'not proven'],
    ['two whole seconds later', SECOND, SECOND + 2_000, 'not proven'],
    ['three whole seconds later', SECOND, SECOND + 3_000, 'completed'],
    ['the second before, which may be rounded down', SECOND, SECOND - 1_000, 'not proven'],
    ['long before', SECOND, SECOND - 3_000, 'not covered'],
    ['a moment later, both in ms', SECOND + 1, SECOND + 1 + CLOCK_TOLERANCE, 'not proven'],
    ['more than a moment later, both in ms', SECOND + 1, SECOND + 2 + CLOCK_TOLERANCE, 'completed'],
    ['a moment before, both in ms', SECOND + 1, SECOND - CLOCK_TOLERANCE - 1, 'not covered'],
  ])('%s', (_, changed, created, state) => {
    const coverage = coverageOf([{ ...change('/a'), time: spanOf(changed) }]);
    coverage.apply({ ...invalidation(['/a']), time: spanOf(created) });
    expect(coverage.verdicts()[0]?.paths[0]?.state).toBe(state);
  });

  test('whatever the true times were: never covered by an invalidation that was not created after the change', () => {
    const rounding = fc.constantFrom(Math.floor, Math.ceil, Math.round);
    const told = (time: number, round: (value: number) => number) => spanOf(round(time / 1_000) * 1_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8_000 }),
        fc.integer({ min: 1, max: 8_000 }),
        rounding,
        rounding,
        (a, b, s3, cf) => {
          const coverage = coverageOf([{ ...change('/a'), time: told(SECOND + a, s3) }]);
          coverage.apply({ ...invalidation(['/a']), time: told(SECOND + b, cf) });
          const { state } = coverage.verdicts()[0]?.paths[0] ?? {};
          if (b <= a) expect(state).not.toBe('completed');
          if (b > a) expect(state).not.toBe('not covered');
        },
      ),
      { numRuns: EFFORT.fuzzRuns },
    );
  });
});

test('what is open, and how old an invalidation may be to matter', () => {
  const coverage = coverageOf([change('/a', 1_000), change('/b', 2_000), change('/c', 3_000)]);
  expect([coverage.open, coverage.oldestOpen]).toEqual([3, 1_000]);
  coverage.apply(invalidation(['/a', '/c']));
  expect([coverage.open, coverage.oldestOpen]).toEqual([1, 2_000]);
  coverage.apply(invalidation(['/*'], 20_000, false));
  expect([coverage.open, coverage.oldestOpen]).toEqual([1, 2_000]);
  coverage.apply(invalidation(['/*'], 20_000));
  expect([coverage.open, coverage.oldestOpen]).toEqual([0, Number.POSITIVE_INFINITY]);
});

test('an object that has several paths has a verdict for each; two objects may share one', () => {
  const coverage = coverageOf([
    { key: 'docs/index.html', paths: ['/docs/index.html', '/docs/', '/docs'], time: exactly(0) },
    { key: 'docs', paths: ['/docs'], time: exactly(15_000) },
  ]);
  coverage.apply(invalidation(['/docs', '/docs/']));
  expect(coverage.verdicts().map(({ paths }) => paths.map(({ state }) => state))).toEqual([
    ['not covered', 'completed', 'completed'],
    ['not covered'],
  ]);
});

test('it says what looking at each invalidation for each path would say', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b', '/', '%20', '?', '*'), { maxLength: 4 })
    .map((pieces) => `/${pieces.join('')}`);
  const time = fc.integer({ min: 0, max: 9 }).map((second) => second * 1_000 + 1);
  const changed = fc.record({ path, time }).map((each) => change(each.path, each.time));
  const created = fc
    .record({ items: fc.array(path, { minLength: 1, maxLength: 4 }), time, isCompleted: fc.boolean() })
    .map(({ items, ...each }) => invalidation(items, each.time, each.isCompleted));
  fc.assert(
    fc.property(fc.array(changed, { maxLength: 12 }), fc.array(created, { maxLength: 8 }), (changes, invalidations) => {
      const coverage = coverageOf(changes);
      for (const each of invalidations) coverage.apply(each);
      const states = coverage.verdicts().map(({ paths }) => paths[0]?.state);
      expect(states).toEqual(changes.map((each) => simply(each, invalidations)));
      expect(coverage.open).toBe(states.filter((state) => state !== 'completed').length);
    }),
    { numRuns: EFFORT.fuzzRuns },
  );
});

/** Times are exact here, and whole seconds apart. */
function simply({ paths: [path = ''], time }: Change, invalidations: readonly Invalidation[]): PathState {
  const covering = invalidations.filter(({ items }) => items.some((item) => covers(item, path)));
  const newer = covering.filter((each) => each.time.earliest > time.latest);
  if (newer.some(({ isCompleted }) => isCompleted)) return 'completed';
  if (newer.length > 0) return 'in progress';
  return covering.some((each) => each.time.latest === time.earliest) ? 'not proven' : 'not covered';
}

function covers(item: string, path: string): boolean {
  if (!item.endsWith('*')) return item === path;
  return path.replace(/\*$/, '').startsWith(item.slice(0, -1));
}

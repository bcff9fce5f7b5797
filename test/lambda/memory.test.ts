import {
  CLOCK_TOLERANCE,
  makeRecentInvalidations,
  type RecentBounds,
} from '../../lambda/dispatch/recent-invalidations';

const CREATED = Date.parse('2026-11-23T08:00:00Z');
const older = CREATED - CLOCK_TOLERANCE - 1;
const invalidation = { invalidationId: 'I1', createTime: CREATED };

function remembering(...paths: string[]) {
  const memory = makeRecentInvalidations();
  memory.remember('E1', paths, invalidation);
  return memory;
}

test('a change before an invalidation of its path is covered by it', () => {
  expect(remembering('/a.html').covering('E1', '/a.html', older)).toBe(invalidation);
});

test.each([
  ['after it', CREATED + 1],
  ['at the same time', CREATED],
  ['before it, by no more than the clocks may differ', CREATED - CLOCK_TOLERANCE],
  ['at an unknown time', undefined],
  ['at no time', Number.NaN],
])('a change %s is not', (_, time) => {
  expect(remembering('/a.html', '/a*').covering('E1', '/a.html', time)).toBeUndefined();
});

test('a wildcard covers what begins like it', () => {
  const memory = remembering('/docs/*', '/img/cat-*');
  for (const path of ['/docs/', '/docs/a/b.html', '/img/cat-', '/img/cat-1.png', '/docs/*', '/docs/a*']) {
    expect(memory.covering('E1', path, older)).toBe(invalidation);
  }
  for (const path of ['/docs', '/img/cat', '/img/dog.png', '/', '/*', '/doc*']) {
    expect(memory.covering('E1', path, older)).toBeUndefined();
  }
});

test('a wildcard does not cover a wider one, though its stem begins with that one as text', () => {
  expect(remembering('/**').covering('E1', '/*', older)).toBeUndefined();
  expect(remembering('/**').covering('E1', '/*a', older)).toBe(invalidation);
});

test('a path does not cover the wildcard of the same name', () => {
  expect(remembering('/a').covering('E1', '/a*', older)).toBeUndefined();
});

test('a path that is remembered again and again takes no more room', () => {
  const memory = makeRecentInvalidations({ paths: 100, wildcards: 100, characters: 12, messages: 100 });
  memory.remember('E1', ['/b', '/c*'], invalidation);
  for (let time = 0; time < 20; time++) memory.remember('E1', ['/a'], invalidation);
  for (const path of ['/a', '/b', '/c/d']) expect(memory.covering('E1', path, older)).toBe(invalidation);
});

test('a star elsewhere is no wildcard', () => {
  expect(remembering('/a*b').covering('E1', '/axb', older)).toBeUndefined();
});

test('each distribution is remembered by itself', () => {
  expect(remembering('/*').covering('E2', '/a.html', older)).toBeUndefined();
});

test('of two invalidations the newer one counts, in whichever order they are told', () => {
  const newer = { invalidationId: 'I2', createTime: CREATED + 60_000 };
  for (const order of [
    [invalidation, newer],
    [newer, invalidation],
  ]) {
    const memory = makeRecentInvalidations();
    for (const each of order) memory.remember('E1', ['/a.html', '/b*'], each);
    expect(memory.covering('E1', '/a.html', CREATED)).toBe(newer);
    expect(memory.covering('E1', '/b.html', CREATED)).toBe(newer);
  }
});

test.each<[string, Partial<RecentBounds>, string[]]>([
  ['paths', { paths: 2 }, ['/wild', '/c', '/d']],
  ['wildcards', { wildcards: 1 }, ['/a', '/b', '/xyz', '/c', '/d']],
  ['characters', { characters: 12 }, ['/wild', '/c', '/d']],
])('it forgets the oldest beyond a bound of %s', (_, bound, left) => {
  const memory = makeRecentInvalidations({ paths: 100, wildcards: 100, characters: 1000, messages: 100, ...bound });
  memory.remember('E1', ['/a', '/b', '/w*'], invalidation);
  memory.remember('E1', ['/c', '/d', ...(bound.wildcards ? ['/x*'] : [])], invalidation);
  const covered = ['/a', '/b', '/wild', '/xyz', '/c', '/d'].filter((path) => memory.covering('E1', path, older));
  expect(covered).toEqual(left);
});

test('a settled message is settled for its distribution, and forgotten beyond the bound', () => {
  const memory = makeRecentInvalidations({ paths: 1, wildcards: 1, characters: 1, messages: 2 });
  memory.settle('E1', ['m1', 'm2', 'm3']);
  expect(['m1', 'm2', 'm3'].map((id) => memory.isSettled('E1', id))).toEqual([false, true, true]);
  expect(memory.isSettled('E2', 'm3')).toBe(false);
});

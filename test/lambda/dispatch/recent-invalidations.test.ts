import type { AcceptedInvalidation } from '../../../lambda/dispatch/ledger';
import { CLOCK_TOLERANCE, coveringInvalidation, splitCovered } from '../../../lambda/dispatch/recent-invalidations';
import type { ServedChange } from '../../../lambda/event/batch';

const CREATED = Date.parse('2026-11-23T08:00:00Z');
const older = CREATED - CLOCK_TOLERANCE - 1;

const invalidation = (paths: readonly string[], id = 'I1', createTime = CREATED): AcceptedInvalidation => ({
  id,
  createTime,
  paths,
});
const coveredBy = (...paths: string[]) => coveringInvalidation([invalidation(paths)]);

test('a change before an invalidation of its path is covered by it', () => {
  expect(coveredBy('/a.html')('/a.html', older)).toBe('I1');
});

test.each([
  ['after it', CREATED + 1],
  ['at the same time', CREATED],
  ['before it, by no more than the clocks may differ', CREATED - CLOCK_TOLERANCE],
  ['a second before it', CREATED - 1000],
  ['at an unknown time', undefined],
  ['at no time', Number.NaN],
])('a change %s is not', (_, time) => {
  expect(coveredBy('/a.html', '/a*')('/a.html', time)).toBeUndefined();
});

test('a wildcard covers what begins like it', () => {
  const covering = coveredBy('/docs/*', '/img/cat-*');
  for (const path of ['/docs/', '/docs/a/b.html', '/img/cat-', '/img/cat-1.png', '/docs/*', '/docs/a*']) {
    expect(covering(path, older)).toBe('I1');
  }
  for (const path of ['/docs', '/img/cat', '/img/dog.png', '/', '/*', '/doc*']) {
    expect(covering(path, older)).toBeUndefined();
  }
});

test('a wildcard does not cover a wider one, though its stem begins with that one as text', () => {
  expect(coveredBy('/**')('/*', older)).toBeUndefined();
  expect(coveredBy('/**')('/*a', older)).toBe('I1');
});

test('a path does not cover the wildcard of the same name, and a star elsewhere is no wildcard', () => {
  expect(coveredBy('/a')('/a*', older)).toBeUndefined();
  expect(coveredBy('/a*b')('/axb', older)).toBeUndefined();
});

test('of two invalidations the newer one counts', () => {
  const both = [invalidation(['/a.html', '/b*']), invalidation(['/a.html', '/b*'], 'I2', CREATED + 60_000)];
  const covering = coveringInvalidation(both);
  expect([covering('/a.html', CREATED), covering('/b.html', CREATED)]).toEqual(['I2', 'I2']);
});

test('a change is open with those of its paths that nothing covers, and covered once there are none', () => {
  const change = (key: string, paths: readonly string[]): ServedChange => ({
    ...{ messageId: key, receiveCount: 1, bucket: 'site', key, time: older },
    paths,
  });
  const changes = [change('a', ['/a', '/a/']), change('b', ['/b', '/b/']), change('c', ['/c'])];
  const { open, covered } = splitCovered([invalidation(['/a']), invalidation(['/a/*', '/b/'], 'I2')], changes);
  expect(open.map(({ key, paths }) => [key, paths])).toEqual([
    ['b', ['/b']],
    ['c', ['/c']],
  ]);
  expect(covered).toEqual(new Map(['I1', 'I2'].map((id) => [id, [changes[0]]])));
});

import {
  bisect,
  fitsRequest,
  groupPaths,
  type PathGroup,
  splitByRate,
  splitNewFromRetried,
} from '../../../lambda/dispatch/path-group';
import type { ServedChange } from '../../../lambda/event/batch';

const change = (key: string, paths = [`/${key}`], { bucket = 'site', receiveCount = 1 } = {}): ServedChange => ({
  messageId: `${bucket}-${key}`,
  receiveCount,
  bucket,
  key,
  paths,
  time: undefined,
});
const part = (paths: readonly string[], ...changes: readonly ServedChange[]): PathGroup => ({ paths, changes });
const numbered = (count: number, suffix = '') => Array.from({ length: count }, (_, at) => part([`/${at}${suffix}`]));

test('a plan that leaves a path uncovered is none', () => {
  expect(() => groupPaths([change('docs/', ['/docs/', '/docs'])], ['/docs/*'])).toThrow(
    'The plan must cover every path, but it does not cover /docs',
  );
});

test('objects with the same key in two buckets are two: one that is refused holds not up the other', () => {
  const changes = [change('a', ['/a']), change('a', ['/old/a'], { bucket: 'other' })];
  expect(groupPaths(changes, ['/a', '/old/a']).map(({ paths }) => paths)).toEqual([['/a'], ['/old/a']]);
});

test('a part is divided into its objects, each with its paths once', () => {
  const index = change('docs/index.html', ['/docs/index.html', '/docs/']);
  const changes = [index, { ...index, messageId: 'again' }, change('docs/a')];
  expect(bisect([part(['/docs/*'], ...changes)]).map(([half]) => half?.paths)).toEqual([
    ['/docs/index.html', '/docs/'],
    ['/docs/a'],
  ]);
  expect(bisect([part(['/docs/a'], change('docs/a'))])).toEqual([]);
});

test.each([
  ['1,000 paths', numbered(1000), true],
  ['1,001 paths', numbered(1001), false],
  ['1,000 paths, wildcards among them', [...numbered(990), ...numbered(10, '*')], true],
  ['1,001 paths, wildcards among them', [...numbered(991), ...numbered(10, '*')], false],
  ['15 wildcards', numbered(15, '*'), true],
  ['16 wildcards', numbered(16, '*'), false],
  ['one part that cannot be less', [part(numbered(16, '*').flatMap(({ paths }) => paths))], true],
])('CloudFront takes a request of %s: %#', (_, parts, fits) => {
  expect(fitsRequest(parts)).toBe(fits);
});

test('a wildcard goes out in the first second, before the paths that fill it', () => {
  const requests = splitByRate([...numbered(200), part(['/docs/*'])]).map((parts) =>
    parts.flatMap(({ paths }) => paths),
  );
  expect(requests.map(({ length }) => length)).toEqual([150, 51]);
  expect(requests[0]).toContain('/docs/*');
});

test('what comes for the first time is told from what has come back, though they share a wildcard', () => {
  const fresh = part(['/a'], change('a'));
  const old = part(['/b'], change('b', ['/b'], { receiveCount: 2 }));
  const both = part(['/c*'], change('c-1'), change('c-2', ['/c-2'], { receiveCount: 2 }));
  expect(splitNewFromRetried([old, both, fresh])).toEqual([[fresh], [old, both]]);
  expect([splitNewFromRetried([fresh]), splitNewFromRetried([old, both])]).toEqual([[], []]);
});

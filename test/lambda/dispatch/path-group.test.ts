import fc from 'fast-check';
import {
  bisect,
  changesOf,
  fitsRequest,
  groupPaths,
  type PathGroup,
  pathsOf,
  splitByQuota,
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
const group = (paths: readonly string[], ...changes: readonly ServedChange[]): PathGroup => ({ paths, changes });
const numbered = (count: number, suffix = '') => Array.from({ length: count }, (_, at) => group([`/${at}${suffix}`]));
const isWildcard = (path: string) => path.endsWith('*');

describe('the groups of a plan', () => {
  test('hold the paths of one object together, and a wildcard of several by itself', () => {
    const index = change('index.html', ['/index.html', '/']);
    const [a, b] = [change('docs/a', ['/docs/a', '/a']), change('docs/b')];
    expect(groupPaths([index, a, b], ['/', '/a', '/docs/*', '/index.html'])).toEqual([
      group(['/index.html', '/'], index),
      group(['/docs/*'], a, b),
      group(['/a'], a),
    ]);
  });

  test('hold an object once, however many messages tell of it', () => {
    const one = change('a');
    const again = { ...one, messageId: 'again' };
    const groups = groupPaths([one, again], ['/a']);
    expect(groups).toEqual([group(['/a'], one, again)]);
    expect(changesOf(groups).map(({ messageId }) => messageId)).toEqual(['site-a', 'again']);
  });

  test('keep objects with the same key in two buckets apart, so that neither holds back the other', () => {
    const changes = [change('a', ['/a']), change('a', ['/old/a'], { bucket: 'other' })];
    expect(groupPaths(changes, ['/a', '/old/a']).map(({ paths }) => paths)).toEqual([['/a'], ['/old/a']]);
  });

  test('do not exist for a plan that leaves a path uncovered', () => {
    expect(() => groupPaths([change('docs/', ['/docs/', '/docs'])], ['/docs/*'])).toThrow(
      'The plan must cover every path, but it does not cover /docs',
    );
  });
});

describe('half of a request', () => {
  test('is half of its groups', () => {
    const groups = numbered(5);
    expect(bisect(groups)).toEqual([groups.slice(0, 3), groups.slice(3)]);
  });

  test('of a single group is half of its objects, each with its paths once', () => {
    const index = change('docs/index.html', ['/docs/index.html', '/docs/']);
    const changes = [index, { ...index, messageId: 'again' }, change('docs/a')];
    expect(bisect([group(['/docs/*'], ...changes)]).map(([half]) => half?.paths)).toEqual([
      ['/docs/index.html', '/docs/'],
      ['/docs/a'],
    ]);
  });

  test('of a single object is nothing', () => {
    expect(bisect([group(['/docs/a'], change('docs/a'))])).toEqual([]);
  });
});

test.each([
  ['1,000 paths', numbered(1000), true],
  ['1,001 paths', numbered(1001), false],
  ['1,000 paths, wildcards among them', [...numbered(990), ...numbered(10, '*')], true],
  ['1,001 paths, wildcards among them', [...numbered(991), ...numbered(10, '*')], false],
  ['15 wildcards', numbered(15, '*'), true],
  ['16 wildcards', numbered(16, '*'), false],
  ['one group, which cannot be less', [group(numbered(16, '*').flatMap(({ paths }) => paths))], true],
])('CloudFront takes a request of %s: %#', (_, groups, fits) => {
  expect(fitsRequest(groups)).toBe(fits);
});

describe('split by rate', () => {
  test('no request exceeds what a second takes, and none of the groups is lost', () => {
    const size = fc.tuple(fc.nat(40), fc.nat(3)).filter(([paths, wildcards]) => paths + wildcards > 0);
    fc.assert(
      fc.property(fc.array(size, { maxLength: 30 }), (sizes) => {
        const groups = sizes.map(([paths, wildcards], at) =>
          group([
            ...Array.from({ length: paths }, (_, path) => `/${at}/${path}`),
            ...Array.from({ length: wildcards }, (_, path) => `/${at}/${path}/*`),
          ]),
        );
        const requests = splitByRate(groups).map(pathsOf);
        for (const paths of requests) {
          expect(paths.length).toBeLessThanOrEqual(150);
          expect(paths.filter(isWildcard).length).toBeLessThanOrEqual(1);
        }
        expect(requests.flat().sort()).toEqual(pathsOf(groups).sort());
      }),
    );
  });

  test('a wildcard is sent in the first second, before the paths that fill it', () => {
    const requests = splitByRate([...numbered(200), group(['/docs/*'])]).map(pathsOf);
    expect(requests.map(({ length }) => length)).toEqual([150, 51]);
    expect(requests[0]).toContain('/docs/*');
  });
});

test('split by quota, wildcards and other paths are two requests, and each keeps the changes that it is for', () => {
  const [a, b] = [change('a', ['/a', '/a/*']), change('b')];
  const requests = splitByQuota([group(['/a', '/a/*'], a), group(['/b'], b)]);
  expect(requests.map(pathsOf)).toEqual([['/a', '/b'], ['/a/*']]);
  expect(requests.map(changesOf)).toEqual([[a, b], [a]]);
  expect(splitByQuota([group(['/b'], b)])).toEqual([[group(['/b'], b)]]);
});

test('new messages are split from retried ones, and what is for both is retried', () => {
  const fresh = group(['/a'], change('a'));
  const retried = group(['/b'], change('b', ['/b'], { receiveCount: 2 }));
  const both = group(['/c*'], change('c-1'), change('c-2', ['/c-2'], { receiveCount: 2 }));
  expect(splitNewFromRetried([retried, both, fresh])).toEqual([[fresh], [retried, both]]);
  expect([splitNewFromRetried([fresh]), splitNewFromRetried([retried, both])]).toEqual([[], []]);
});

import { compareKeys } from '../../lambda/bucket/key-order';
import { LONGEST_PATH } from '../../lambda/contract/quotas';
import { withQueryStrings } from '../../lambda/paths/query-strings';
import { viewerPaths } from '../../lambda/paths/viewer-path';
import type { ListObjects } from '../../lambda/plan/inventory';
import { planWithInventory } from '../../lambda/plan/plan';
import { listable } from '../../local/simulation/bucket';
import { type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body } from './messages';

test.each<[string, string[]]>([
  ['/a.html', ['/a.html', '/a.html?*']],
  ['/docs/', ['/docs/', '/docs/?*']],
  ['/', ['/', '/?*']],
  ['/js/runtime*', ['/js/runtime*']],
  ['/image?of=a.jpg', ['/image?of=a.jpg']],
])('%s with its query strings', (path, expected) => {
  expect(withQueryStrings(path)).toEqual(expected);
});

test('a path too long for its query strings is covered by a wildcard that fits', () => {
  const path = (length: number) => `/${'a'.repeat(length - 1)}`;
  expect(withQueryStrings(path(LONGEST_PATH - 2))).toHaveLength(2);
  expect(withQueryStrings(path(LONGEST_PATH - 1))).toEqual([`${path(LONGEST_PATH - 1)}*`]);
  expect(withQueryStrings(path(LONGEST_PATH))).toEqual([`${path(LONGEST_PATH - 1)}*`]);
});

const change = (key: string) => ({
  bucket: 'site',
  key,
  paths: viewerPaths(key, '', 'index.html').flatMap(withQueryStrings),
});

/** The plan for some changes of a bucket; for a bucket that nobody may list when there is none. */
function planFor(changed: readonly string[], keys?: readonly string[]) {
  if (!keys) return planWithInventory(changed.map(change), {});
  const page = listable(keys.toSorted(compareKeys));
  const list: ListObjects = async ({ prefix, startAfter, maxKeys }) => page(prefix, startAfter, maxKeys);
  return planWithInventory(changed.map(change), { census: { origins: [{ bucket: 'site', path: '' }], list } });
}

const many = (count: number, name: (at: number) => string) => Array.from({ length: count }, (_, at) => name(at));

describe.each([
  ['without a look at the bucket', undefined],
  ['in a bucket with a thousand other pages', many(1000, (at) => `docs/v1.2/${at}.html`)],
])('%s', (_, others) => {
  const plan = (...changed: string[]) => planFor(changed, others && [...others, ...changed]);

  test('one wildcard covers a page and its query strings', async () => {
    expect(await plan('a.html')).toMatchObject({ paths: ['/a.html*'], wildcards: 1, price: 1 });
  });

  test('a page that is named like a folder does not take the folder along', async () => {
    expect((await plan('docs/v1.2')).paths).toEqual(['/docs/v1.2', '/docs/v1.2?*']);
  });

  test('nor does an index document', async () => {
    expect((await plan('docs/index.html')).paths).toEqual([
      '/docs',
      '/docs/',
      '/docs/?*',
      '/docs/index.html*',
      '/docs?*',
    ]);
  });
});

test('what else begins like the page is counted, and left alone where it is too much', async () => {
  const copies = many(90, (at) => `a.html.${at}`);
  expect(await planFor(['a.html'], ['a.html', ...copies])).toMatchObject({ paths: ['/a.html*'], evicted: 90 });
  const more = many(150, (at) => `a.html.${at}`);
  expect(await planFor(['a.html'], ['a.html', ...more])).toMatchObject({ paths: ['/a.html', '/a.html?*'], price: 2 });
});

test('more pages than wildcards are covered more widely, and the rest stays', async () => {
  const pages = many(40, (at) => `docs/${String(at).padStart(2, '0')}/page.html`);
  const { paths, wildcards } = await planFor(pages, [...pages, ...many(2000, (at) => `img/${at}.png`)]);
  expect(wildcards).toBeLessThanOrEqual(15);
  for (const page of pages) expect(paths.some((path) => `/${page}?v=1`.startsWith(path.replace(/\*$/, '')))).toBe(true);
  expect(paths.some((path) => '/img/1.png'.startsWith(path.replace(/\*$/, '')))).toBe(false);
});

describe('the function', () => {
  let running: RunningFunction;
  afterEach(() => running.stop());

  const origins = [
    { bucket: 'site', distribution: 'E1SITE', path: '', queryStrings: true },
    { bucket: 'site', distribution: 'E2PLAIN', path: '' },
  ];

  test('covers query strings where they count, and there alone', async () => {
    running = await startFunction({ ...SITE, origins });
    await running.receive([message('m1', s3Body('a.html'))]);
    const paths = Object.fromEntries(running.cloudFront.invalidations.map((each) => [each.distribution, each.paths]));
    expect(paths).toEqual({ E1SITE: ['/a.html*'], E2PLAIN: ['/a.html'] });
  });

  test('remembers that a wildcard covered them', async () => {
    const ago = (ms: number) => ({ time: new Date(Date.now() - ms).toISOString() });
    running = await startFunction({ ...SITE, origins: origins.slice(0, 1) });
    await running.receive([message('m1', s3Body('a.html', ago(20_000)))]);
    await running.receive([message('m2', s3Body('a.html', ago(15_000)))]);
    expect(running.cloudFront.invalidations).toHaveLength(1);
  });
});

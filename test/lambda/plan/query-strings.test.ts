import { planWithListing } from '../../../cli/plan/plan-with-listing';
import { withQueryStrings } from '../../../lambda/paths/query-strings';
import { viewerPaths } from '../../../lambda/paths/viewer-path';
import { listing, ORIGIN } from '../small-sites';

const change = (key: string) => ({
  bucket: 'site',
  key,
  paths: viewerPaths(key, '', 'index.html').flatMap(withQueryStrings),
});

/** The plan for some changes of a bucket; without its keys, of one that is not listed. */
const planFor = (changed: readonly string[], keys?: readonly string[]) =>
  planWithListing(changed.map(change), { origins: [ORIGIN], list: keys && listing(keys) });

const many = (count: number, name: (at: number) => string) => Array.from({ length: count }, (_, at) => name(at));

describe.each([
  ['without a listing', undefined],
  ['in a bucket with a thousand other pages', many(1000, (at) => `docs/v1.2/${at}.html`)],
])('%s', (_, others) => {
  const plan = (...changed: string[]) => planFor(changed, others && [...others, ...changed]);

  test('one wildcard covers a page and its query strings', async () => {
    expect(await plan('a.html')).toMatchObject({ paths: ['/a.html*'], wildcards: 1, price: 1 });
  });

  test('a page that is named like a folder does not take the folder along', async () => {
    expect((await plan('docs/v1.2')).paths).toEqual(['/docs/v1.2', '/docs/v1.2?*']);
  });

  test('nor is one taken along by an index document', async () => {
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

import fc from 'fast-check';
import { compareKeys } from '../../lambda/bucket/key-order';
import { FULLY_LISTED } from '../../lambda/bucket/listing-progress';
import { viewerPaths } from '../../lambda/paths/viewer-path';
import { treeOf } from '../../lambda/plan/cheapest-plan';
import { type InventoryOptions, type ListObjects, type ListRequest, takeInventory } from '../../lambda/plan/inventory';
import { planWithInventory } from '../../lambda/plan/plan';
import { prefixOf } from '../../lambda/tree/path-tree';
import { listable } from '../../local/simulation/bucket';
import { change, discardedBy, siteArbitrary } from './small-sites';

const ORIGIN = { bucket: 'site', path: '' };

/** A bucket that remembers what it was asked and what it answered. */
function bucketOf(keys: readonly string[], pageSize = 1000) {
  const list = listable(keys.toSorted(compareKeys));
  const requests: ListRequest[] = [];
  const listed: string[] = [];
  const answer: ListObjects = async (request) => {
    requests.push(request);
    const page = list(request.prefix, request.startAfter, Math.min(request.maxKeys, pageSize));
    listed.push(...page.objects.map(({ key }) => key));
    return page;
  };
  return { list: answer, requests, listed };
}

const many = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));
const census = (changed: ReturnType<typeof change>[], options: Partial<InventoryOptions> & { list: ListObjects }) =>
  takeInventory(treeOf(changed), changed, { origins: [ORIGIN], refetchesPerPath: 100, ...options });

test('what it knows is true, and what it has listed it does not list again', async () => {
  await fc.assert(
    fc.asyncProperty(siteArbitrary, fc.integer({ min: 1, max: 4 }), async (site, pageSize) => {
      // A raw plus in a path is read as its changed object has it, so a site that has both is known nearly.
      fc.pre(![...site.changed.map(({ key }) => key), ...site.unchanged].some((key) => key.includes('+')));
      const bucket = bucketOf(site.keys, pageSize);
      const tree = treeOf(site.changed);
      const { coverage, unchangedFound } = await census(site.changed, { list: bucket.list });
      for (let node = 0; node < tree.nodes; node++) {
        const discarded = discardedBy(`${prefixOf(tree, node)}*`, site.unchanged);
        if (coverage[node] === FULLY_LISTED) expect(unchangedFound[node]).toBe(discarded);
        else expect(unchangedFound[node]).toBeLessThanOrEqual(discarded);
      }
      expect(bucket.listed).toHaveLength(new Set(bucket.listed).size);
    }),
    { numRuns: 500 },
  );
});

test('never asks for more pages than it may', async () => {
  await fc.assert(
    fc.asyncProperty(siteArbitrary, fc.integer({ min: 0, max: 3 }), async (site, maxPages) => {
      const bucket = bucketOf(site.keys, 1);
      const { pages } = await census(site.changed, { list: bucket.list, maxPages });
      expect(bucket.requests).toHaveLength(pages);
      expect(pages).toBeLessThanOrEqual(maxPages);
    }),
  );
});

test('asks nothing when a single path is all there is to save', async () => {
  const bucket = bucketOf(many(50, (at) => `page-${at}.html`));
  await census([change('page-1.html')], { list: bucket.list });
  expect(bucket.requests).toEqual([]);
});

test('lists a node only until its wildcard cannot pay', async () => {
  const bucket = bucketOf(many(100_000, (at) => `img/${at}.png`));
  await census([change('img/1.png'), change('img/2.png'), change('img/3.png')], { list: bucket.list });
  expect(bucket.listed.length).toBeLessThan(500);
});

describe('what lies behind the last change, as uploads in the order of the keys come, is not taken for little', () => {
  const folders = (count: number, files: number) =>
    many(count, (at) => String.fromCharCode(97 + at)).flatMap((folder) => many(files, (at) => `${folder}/${at}.html`));

  test.each([
    ['the first page ends soon behind it', folders(4, 198), { leastSaving: { each: 0.01 } }, 4, 3],
    ['there are more folders than wildcards', folders(16, 60), {}, 15 + 60, 12],
    ['there is one wildcard for two folders', folders(2, 40), { maxWildcards: 1 }, 1 + 40, 8],
  ])('where %s', async (_, keys, options, paths, pages) => {
    const bucket = bucketOf([...keys, ...many(50_000, (at) => `z/${at}.html`)]);
    const changed = keys.map((key) => change(key));
    const plan = await planWithInventory(changed, { ...options, census: { origins: [ORIGIN], list: bucket.list } });
    expect([plan.paths.length, plan.evicted]).toEqual([paths, 0]);
    expect(plan.listedPages).toBeLessThanOrEqual(pages);
    expect(bucket.listed).toHaveLength(new Set(bucket.listed).size);
  });
});

test('knows a folder of 20,000 changed objects after 20 pages', async () => {
  const keys = many(20_000, (at) => `photos/${at}.jpg`);
  const bucket = bucketOf([...keys, 'index.html', 'photos/kept.jpg']);
  const plan = await planWithInventory(
    keys.map((key) => change(key)),
    { census: { origins: [ORIGIN], list: bucket.list } },
  );
  expect(plan).toMatchObject({ paths: ['/photos/*'], evicted: 1, price: 1.01 });
  expect(plan.listedPages).toBeLessThanOrEqual(21);
});

test('counts what all origins of the distribution have, without their origin paths', async () => {
  const changed = [
    { bucket: 'site', key: 'live/docs/a.html', paths: ['/docs/a.html'] },
    { bucket: 'site', key: 'live/docs/b.html', paths: ['/docs/b.html'] },
  ];
  const buckets = {
    site: listable(['live/docs/a.html', 'live/docs/b.html', 'live/docs/c.html', 'next/docs/d.html']),
    docs: listable(['docs/x.html', 'docs/y.html', 'other.html']),
  };
  const list: ListObjects = async ({ bucket, prefix, startAfter, maxKeys }) =>
    buckets[bucket as keyof typeof buckets](prefix, startAfter, maxKeys);
  const origins = [
    { bucket: 'site', path: '/live' },
    { bucket: 'docs', path: '' },
  ];
  const plan = await planWithInventory(changed, { census: { origins, list } });
  expect(plan).toMatchObject({ paths: ['/docs/*'], evicted: 3, listedPages: 2 });
});

test('does not count what changed at the same time, and is in another batch', async () => {
  const minutes = 60_000;
  const changed = ['a', 'b', 'c'].map((name) => ({ ...change(`docs/${name}.html`), time: 100 * minutes }));
  const keys = [...changed.map(({ key }) => key), ...many(500, (at) => `docs/page-${at}.html`)].sort(compareKeys);
  const planned = async (lastModified: number) => {
    const list = listable(keys, () => lastModified);
    const answer: ListObjects = async ({ prefix, startAfter, maxKeys }) => list(prefix, startAfter, maxKeys);
    return (await planWithInventory(changed, { census: { origins: [ORIGIN], list: answer } })).paths;
  };
  expect(await planned(100 * minutes)).toEqual(['/docs/*']);
  expect(await planned(90 * minutes)).toEqual(['/docs/a.html', '/docs/b.html', '/docs/c.html']);
});

describe('when the bucket does not answer', () => {
  const changed = many(50, (at) => change(`docs/${at}.html`));
  const blind = () => planWithInventory(changed, {});

  test.each<[string, ListObjects, RegExp]>([
    [
      'denies',
      async () => Promise.reject(Object.assign(new Error('no s3:ListBucket'), { name: 'AccessDenied' })),
      /AccessDenied/,
    ],
    [
      'throws',
      () => {
        throw new TypeError('broken');
      },
      /broken/,
    ],
    ['hangs', () => new Promise(() => {}), /TimeoutError/],
    ['answers with an empty page and more to come', async () => ({ objects: [], truncated: true }), /empty page/],
  ])('but %s, the plan is made without', async (_, list, failure) => {
    const plan = await planWithInventory(changed, { census: { origins: [ORIGIN], list, maxDuration: 50 } });
    expect(plan.listingFailure).toMatch(failure);
    expect(plan.paths).toEqual((await blind()).paths);
  });

  test('later on, what it has answered still counts', async () => {
    const bucket = bucketOf([...many(60, (at) => `docs/${at}.html`), ...many(30_000, (at) => `img/${at}.png`)]);
    let calls = 0;
    const list: ListObjects = (request, signal) => {
      if (calls++ > 0) return Promise.reject(new Error('SlowDown'));
      return bucket.list(request, signal);
    };
    const both = [...changed, ...[9, 99, 999].map((at) => change(`img/${at}.png`))];
    const plan = await planWithInventory(both, { census: { origins: [ORIGIN], list } });
    expect(plan.listingFailure).toMatch(/SlowDown/);
    expect(plan.paths).toContain('/docs/*');
    expect(plan.paths).not.toContain('/*');
  });
});

test('reads the key of a raw plus from the changed object: a plus, or the space that S3 takes it for', async () => {
  const bucket = bucketOf(['a b c 1', 'a b c 2', 'a b c 3', 'a+b+c 1']);
  await census([change('a b c 1'), change('a b c 2')], { list: bucket.list });
  expect(bucket.requests.map(({ prefix }) => prefix)).toEqual(['a']);
  expect(viewerPaths('a b c 1', '', '')).toContain('/a+b+c+1');
});

test('what changed at the time of the batch is discarded for nothing, what changed long after it is not', async () => {
  const now = Date.parse('2026-11-23T08:00:00Z');
  const changed = ['docs/0001', 'docs/0500', 'docs/4000'].map((key) => ({ ...change(key), time: now }));
  const keys = many(5000, (at) => `docs/${String(at).padStart(4, '0')}`);
  const planAfter = (ms: number) => {
    const list = listable(keys, () => now + ms);
    return planWithInventory(changed, {
      census: { origins: [ORIGIN], list: async (r) => list(r.prefix, r.startAfter, r.maxKeys) },
    });
  };
  expect((await planAfter(30_000)).paths).toEqual(['/docs/*']);
  expect((await planAfter(3_600_000)).paths).toEqual(['/docs/0001', '/docs/0500', '/docs/4000']);
});

test('the order of the messages makes no other plan, though their objects share paths', async () => {
  await fc.assert(
    fc.asyncProperty(siteArbitrary, async (site) => {
      const planOf = (changed: typeof site.changed) => {
        const options = { origins: [ORIGIN], list: bucketOf(site.keys, 1).list, maxPages: 4 };
        return planWithInventory(changed, { refetchesPerPath: 1, census: options });
      };
      expect(await planOf(site.changed)).toEqual(await planOf(site.changed.toReversed()));
    }),
    { numRuns: 300 },
  );
});

import fc from 'fast-check';
import { type PlanningOptions, planWithListing } from '../../../cli/plan/plan-with-listing';
import type { ListObjects, ListRequest } from '../../../lambda/bucket/list-objects';
import type { ChangedObject } from '../../../lambda/paths/changed-object';
import { viewerPaths } from '../../../lambda/paths/viewer-path';
import { NOTHING_PENDING } from '../../../lambda/plan/deploy';
import { inspectBucket } from '../../../lambda/plan/inspect-bucket';
import { lookAt, plan } from '../../../lambda/plan/plan';
import { prefixOf } from '../../../lambda/tree/path-tree';
import { change, evictedBy, listing, ORIGIN, siteArbitrary } from '../small-sites';

/** A bucket that records its requests, and the keys that it answers with. */
function recordingBucket(keys: readonly string[], pageSize = 1000) {
  const answer = listing(keys, () => 0, pageSize);
  const requests: ListRequest[] = [];
  const listed: string[] = [];
  const list: ListObjects = async (request, signal) => {
    requests.push(request);
    const page = await answer(request, signal);
    listed.push(...page.objects.map(({ key }) => key));
    return page;
  };
  return { list, requests, listed };
}

const many = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));
const planned = (changed: readonly ChangedObject[], list: ListObjects, options: Partial<PlanningOptions> = {}) =>
  planWithListing(changed, { origins: [ORIGIN], list, ...options });

/** Everything that changed since then is pending. */
const DEPLOYING = {
  completeSince: 0,
  toChange: (_: unknown, name: string, time: number) => ({ ...change(name), time }),
  foreignUnder: () => 0,
};
const NOW = Date.parse('2026-11-23T08:00:00Z');
const changedNow = (key: string) => ({ ...change(key), time: NOW });

test('what is listed is true, and no page is listed twice', async () => {
  await fc.assert(
    fc.asyncProperty(siteArbitrary, fc.integer({ min: 1, max: 4 }), async (site, pageSize) => {
      // A raw plus in a path is read as its changed object has it, so a site that has both is known nearly.
      fc.pre(![...site.changed.map(({ key }) => key), ...site.unchanged].some((key) => key.includes('+')));
      const { list, requests } = recordingBucket(site.keys, pageSize);
      const { signal } = new AbortController();
      const context = NOTHING_PENDING;
      const inventory = await inspectBucket(site.changed, { origins: [ORIGIN], list, limits: {}, context, signal });
      const { tree, progress } = lookAt(site.changed, inventory, context);
      for (const node of tree.nodes) {
        const evicted = evictedBy(`${prefixOf(tree, node)}*`, site.unchanged);
        if (progress?.coverage(node) === 'fully listed') expect(progress.unchangedFound(node)).toBe(evicted);
        else expect(progress?.unchangedFound(node) ?? 0).toBeLessThanOrEqual(evicted);
      }
      const pages = requests.map(({ prefix, startAfter }) => `${prefix}\n${startAfter}`);
      expect(pages).toHaveLength(new Set(pages).size);
    }),
    { numRuns: 500 },
  );
});

describe('the pages of a batch', () => {
  const folders = many(100, (folder) => many(300, (at) => `img/${folder}/${at}.png`)).flat();
  const some = folders.filter((_, at) => at % 10 === 0);

  test('are 30 at most', async () => {
    const bucket = recordingBucket([...folders, 'a', 'z'], 20);
    const { listedPages } = await planned(some.map(changedNow), bucket.list, { context: DEPLOYING });
    expect(listedPages).toBe(30);
    expect(bucket.requests).toHaveLength(30);
  });

  test('and of these ten at most are spent on what else the deploy changed', async () => {
    const bucket = recordingBucket([...many(50_000, (at) => `a/${at}.png`), 'b/c/1', 'b/d/2']);
    await planned(['b/c/1', 'b/d/2'].map(changedNow), bucket.list, { context: DEPLOYING });
    expect(bucket.requests.filter(({ prefix }) => prefix === '')).toHaveLength(10);
    expect(bucket.listed).toHaveLength(new Set(bucket.listed).size);
  });

  test('are none where a single path is all there is to save, and nothing can be pending', async () => {
    const bucket = recordingBucket(many(50, (at) => `page-${at}.html`));
    await planned([change('page-1.html')], bucket.list, { context: DEPLOYING });
    await planned([changedNow('page-1.html')], bucket.list);
    expect(bucket.requests).toEqual([]);
  });

  test('are one where the rest of the deploy, of a single path known, is on it', async () => {
    const bucket = recordingBucket(many(50, (at) => `page-${at}.html`));
    await planned([changedNow('page-1.html')], bucket.list, { context: DEPLOYING });
    expect(bucket.requests).toHaveLength(1);
  });

  test('hold no more of a node than it takes to see that its wildcard cannot pay', async () => {
    const bucket = recordingBucket(many(100_000, (at) => `img/${at}.png`));
    await planned([change('img/1.png'), change('img/2.png'), change('img/3.png')], bucket.list);
    expect(bucket.listed.length).toBeGreaterThan(0);
    expect(bucket.listed.length).toBeLessThan(500);
  });
});

describe('what lies behind the last change, as uploads in the order of the keys come, is not taken for little', () => {
  const folders = (count: number, files: number) =>
    many(count, (at) => String.fromCharCode(97 + at)).flatMap((folder) => many(files, (at) => `${folder}/${at}.html`));

  test.each([
    ['the first page ends soon behind it', folders(4, 198), { leastSaving: { each: 0.01 } }, 4, 3],
    ['there are more folders than wildcards', folders(16, 60), {}, 15 + 60, 12],
    ['there is one wildcard for two folders', folders(2, 40), { maxWildcards: 1 }, 1 + 40, 8],
  ])('where %s', async (_, keys, limits, paths, pages) => {
    const bucket = recordingBucket([...keys, ...many(50_000, (at) => `z/${at}.html`)]);
    const changed = keys.map((key) => change(key));
    const plan = await planned(changed, bucket.list, { limits });
    expect([plan.paths.length, plan.evicted]).toEqual([paths, 0]);
    expect(plan.listedPages).toBeLessThanOrEqual(pages);
    expect(bucket.listed).toHaveLength(new Set(bucket.listed).size);
  });
});

test('a folder of 20,000 changed objects is known after 20 pages', async () => {
  const keys = many(20_000, (at) => `photos/${at}.jpg`);
  const bucket = recordingBucket([...keys, 'index.html', 'photos/kept.jpg']);
  const changed = keys.map((key) => change(key));
  const plan = await planned(changed, bucket.list);
  expect(plan).toMatchObject({ paths: ['/photos/*'], evicted: 1, price: 1.01 });
  expect(plan.listedPages).toBeLessThanOrEqual(21);
});

test('what all origins of the distribution have counts, without their origin paths', async () => {
  const changed = [
    { bucket: 'site', key: 'live/docs/a.html', originPath: '/live', paths: ['/docs/a.html'] },
    { bucket: 'site', key: 'live/docs/b.html', originPath: '/live', paths: ['/docs/b.html'] },
  ];
  const buckets = {
    site: listing(['live/docs/a.html', 'live/docs/b.html', 'live/docs/c.html', 'next/docs/d.html']),
    docs: listing(['docs/x.html', 'docs/y.html', 'other.html']),
  };
  const list: ListObjects = (request, signal) => buckets[request.bucket as keyof typeof buckets](request, signal);
  const origins = [
    { bucket: 'site', path: '/live' },
    { bucket: 'docs', path: '' },
  ];
  const plan = await planned(changed, list, { origins });
  expect(plan).toMatchObject({ paths: ['/docs/*'], evicted: 3, listedPages: 2 });
});

test('objects of an origin that is there several times, with a prefix each, are listed and counted once', async () => {
  const bucket = recordingBucket(['docs/a', 'docs/b', 'docs/c', 'docs/d', 'img/e']);
  const plan = await planned([change('docs/a'), change('docs/b')], bucket.list, { origins: [ORIGIN, { ...ORIGIN }] });
  expect(plan).toMatchObject({ paths: ['/docs/*'], evicted: 2, listedPages: 1 });
});

test('what changed with the batch, and is in another one, is not evicted for nothing', async () => {
  const minutes = 60_000;
  const changed = ['a', 'b', 'c'].map((name) => ({ ...change(`docs/${name}.html`), time: 100 * minutes }));
  const keys = [...changed.map(({ key }) => key), ...many(500, (at) => `docs/page-${at}.html`)];
  const pathsWhen = async (lastModified: number) =>
    (
      await planned(
        changed,
        listing(keys, () => lastModified),
      )
    ).paths;
  expect(await pathsWhen(100 * minutes)).toEqual(['/docs/*']);
  expect(await pathsWhen(90 * minutes)).toEqual(['/docs/a.html', '/docs/b.html', '/docs/c.html']);
});

describe('when the bucket', () => {
  const changed = many(50, (at) => change(`docs/${at}.html`));

  test.each<[string, ListObjects, RegExp]>([
    [
      'denies access',
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
  ])('%s, the plan is made without', async (_, list, failure) => {
    for (const context of [NOTHING_PENDING, DEPLOYING]) {
      const { paths, guessed, listingFailure } = await planned(
        changed.map((each) => ({ ...each, time: NOW })),
        list,
        { context, signal: AbortSignal.timeout(50) },
      );
      expect(listingFailure).toMatch(failure);
      expect({ paths, guessed }).toEqual({ paths: plan(changed).paths, guessed: true });
    }
  });

  test('fails later on, what it has answered still counts', async () => {
    const bucket = recordingBucket([...many(60, (at) => `docs/${at}.html`), ...many(30_000, (at) => `img/${at}.png`)]);
    let calls = 0;
    const list: ListObjects = (request, signal) => {
      if (calls++ > 0) return Promise.reject(new Error('SlowDown'));
      return bucket.list(request, signal);
    };
    const both = [...changed, ...[9, 99, 999].map((at) => change(`img/${at}.png`))];
    const { paths, listingFailure } = await planned(both, list);
    expect(listingFailure).toMatch(/SlowDown/);
    expect(paths).toContain('/docs/*');
    expect(paths).not.toContain('/*');
  });

  test('has no time left, it is not listed', async () => {
    const bucket = recordingBucket(changed.map(({ key }) => key));
    const { listingFailure } = await planned(changed, bucket.list, { signal: AbortSignal.abort() });
    expect(listingFailure).toMatch(/AbortError/);
  });
});

test('the name of a raw plus is that of the changed object: with a plus, or the space that S3 takes it for', async () => {
  const bucket = recordingBucket(['a b c 1', 'a b c 2', 'a b c 3', 'a+b+c 1']);
  await planned([change('a b c 1'), change('a b c 2')], bucket.list);
  expect(bucket.requests.map(({ prefix }) => prefix)).toEqual(['a']);
  expect(viewerPaths('a b c 1', '', '')).toContain('/a+b+c+1');
});

test('the order of the messages makes no other plan, though their objects share paths', async () => {
  await fc.assert(
    fc.asyncProperty(siteArbitrary, async (site) => {
      const planOf = (changed: typeof site.changed) =>
        planned(changed, recordingBucket(site.keys, 1).list, { limits: { refetchesPerPath: 1 } });
      expect(await planOf(site.changed)).toEqual(await planOf(site.changed.toReversed()));
    }),
    { numRuns: 300 },
  );
});

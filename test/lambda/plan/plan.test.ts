import fc from 'fast-check';
import { planWithListing } from '../../../cli/plan/plan-with-listing';
import type { ChangedObject } from '../../../lambda/paths/changed-object';
import { coverage } from '../../../lambda/paths/coverage';
import { withQueryStrings } from '../../../lambda/paths/query-strings';
import { viewerPaths } from '../../../lambda/paths/viewer-path';
import type { LeastSaving } from '../../../lambda/plan/cheapest-cover';
import type { PlanLimits } from '../../../lambda/plan/cheapest-plan';
import { plan } from '../../../lambda/plan/plan';
import {
  change,
  evictedBy,
  inventoryOf,
  isWildcard,
  keyArbitrary,
  listing,
  ORIGIN,
  siteArbitrary,
  truePrice,
} from '../small-sites';

const listedPlan = (changed: readonly ChangedObject[], keys: readonly string[], limits: PlanLimits) =>
  planWithListing(changed, { limits, origins: [ORIGIN], list: listing(keys) });
const many = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));
const pathsOf = (changed: readonly ChangedObject[]) => changed.flatMap(({ paths }) => paths);

/** A raw plus in a path stands for either. It is read as its changed object has it, so such a site is known nearly. */
function hasBothSpaceAndPlus(keys: readonly string[], changed: readonly ChangedObject[]): boolean {
  const all = [...keys, ...changed.map(({ key }) => key)];
  return all.some((key) => key.includes('+')) && all.some((key) => key.includes(' '));
}

/** The price of the cheapest of all covers there are, by trying every one of them. */
function bruteForce(
  paths: readonly string[],
  unchanged: readonly string[],
  refetchesPerPath: number,
  maxWildcards: number,
): number {
  const characters = (path: string) => path.match(/(?:%[0-7].|%[C-F].(?:%[89AB].)+)|[^%]/gu) ?? [];
  const prefixes = new Set(
    paths.flatMap((path) => characters(path.replace(/\*$/, '')).map((_, at, all) => all.slice(0, at + 1).join(''))),
  );
  // A wildcard that covers the same paths as another that evicts less is never worth more.
  const candidates = new Map<string, { covers: Set<string>; price: number }>();
  for (const prefix of prefixes) {
    const covers = new Set(paths.filter((path) => path.replace(/\*$/, '').startsWith(prefix)));
    const price = 1 + evictedBy(`${prefix}*`, unchanged) / refetchesPerPath;
    const same = [...covers].join('\n');
    if (price < (candidates.get(same)?.price ?? Infinity)) candidates.set(same, { covers, price });
  }
  const all = [...candidates.values()];
  let cheapest = Infinity;
  const tryFrom = (at: number, left: ReadonlySet<string>, price: number, wildcards: number) => {
    if (price >= cheapest) return;
    if (![...left].some(isWildcard)) cheapest = Math.min(cheapest, price + left.size);
    if (wildcards === maxWildcards) return;
    for (let next = at; next < all.length; next++) {
      const { covers, price: more } = all[next] as (typeof all)[number];
      tryFrom(next + 1, new Set([...left].filter((path) => !covers.has(path))), price + more, wildcards + 1);
    }
  };
  tryFrom(0, new Set(paths), 0, 0);
  return cheapest;
}

describe('a plan with the bucket listed', () => {
  test('is the cheapest of all covers', async () => {
    await fc.assert(
      fc.asyncProperty(
        siteArbitrary,
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(1, 2, 5),
        async (site, maxWildcards, refetchesPerPath) => {
          fc.pre(new Set(pathsOf(site.changed)).size <= 9 && !hasBothSpaceAndPlus(site.keys, site.changed));
          const { paths } = await listedPlan(site.changed, site.keys, { maxWildcards, refetchesPerPath });
          const least = bruteForce([...new Set(pathsOf(site.changed))], site.unchanged, refetchesPerPath, maxWildcards);
          expect(truePrice(paths, site.unchanged, refetchesPerPath)).toBeCloseTo(least, 9);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is the cheapest of all that cover query strings, too', async () => {
    await fc.assert(
      fc.asyncProperty(
        siteArbitrary,
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(1, 2, 5),
        async (site, max, rpp) => {
          const changed = site.changed.map((each) => ({ ...each, paths: each.paths.flatMap(withQueryStrings) }));
          fc.pre(new Set(pathsOf(changed)).size <= 8 && !hasBothSpaceAndPlus(site.keys, site.changed));
          const { paths, wildcards } = await listedPlan(changed, site.keys, {
            maxWildcards: max,
            refetchesPerPath: rpp,
          });
          const least = bruteForce([...new Set(pathsOf(changed))], site.unchanged, rpp, max);
          expect(truePrice(paths, site.unchanged, rpp)).toBeCloseTo(least, 9);
          expect(wildcards).toBeLessThanOrEqual(max);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('never costs more than one without', async () => {
    await fc.assert(
      fc.asyncProperty(siteArbitrary, async (site) => {
        const listed = await listedPlan(site.changed, site.keys, { refetchesPerPath: 2 });
        const blind = plan(site.changed, { refetchesPerPath: 2 });
        expect(truePrice(listed.paths, site.unchanged, 2)).toBeLessThanOrEqual(
          truePrice(blind.paths, site.unchanged, 2) + 1e-9,
        );
      }),
    );
  });
});

describe('any plan', () => {
  const changes = fc.array(
    keyArbitrary.map((key) => change(key)),
    { minLength: 1, maxLength: 60 },
  );

  test('covers every path of every change', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 4 }), (changed, maxWildcards) => {
        const { paths } = plan(changed, { maxWildcards });
        const covering = coverage(paths);
        for (const path of pathsOf(changed)) expect(covering(path)).toBeDefined();
      }),
    );
  });

  test('is sorted, and no path of it covers another', () => {
    fc.assert(
      fc.property(changes, (changed) => {
        const { paths, wildcards } = plan(changed);
        expect(paths).toEqual([...paths].sort());
        expect(paths.filter(isWildcard)).toHaveLength(wildcards);
        for (const path of paths) expect(coverage(paths.filter((other) => other !== path))(path)).toBeUndefined();
      }),
    );
  });

  test('never has more paths than it may, with the bucket listed or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        changes,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 5 }),
        async (changed, maxWildcards, maxPaths) => {
          const limits = { maxWildcards, maxPaths };
          for (const { paths, wildcards } of [plan(changed, limits), await listedPlan(changed, [], limits)]) {
            expect(wildcards).toBeLessThanOrEqual(maxWildcards);
            expect(paths.length).toBeLessThanOrEqual(maxPaths);
          }
        },
      ),
    );
  });

  test('cuts no character in two', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 2 }), (changed, maxWildcards) => {
        for (const path of plan(changed, { maxWildcards, maxPaths: 3 }).paths) {
          expect(() => decodeURIComponent(path)).not.toThrow();
          expect(decodeURIComponent(path).isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test('is the same in whatever order the changes come, and however often', () => {
    fc.assert(
      fc.property(
        changes.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
        ),
        ([changed, again]) => {
          expect(plan(again)).toEqual(plan(changed));
        },
      ),
    );
  });
});

describe('a change that needs a wildcard', () => {
  test.each([
    ['js/runtime~main.js', ['/js/runtime*']],
    ['notes/what*', ['/notes/what*']],
  ])('%s', (key, paths) => {
    expect(plan([change(key)]).paths).toEqual(paths);
  });

  test('makes what it covers needless', () => {
    expect(plan([change('a~1'), change('a~2'), change('ab'), change('a'), change('a!')]).paths).toEqual(['/a*']);
  });

  test('shares a wildcard with others when there are more of them than wildcards', () => {
    const changed = Array.from({ length: 40 }, (_, at) => change(`${at % 7}/${at}/${'x'.repeat(at)}~`));
    expect(plan(changed).wildcards).toBeLessThanOrEqual(15);
  });
});

test('without a listing, one object is covered by its own paths', () => {
  const changed = ['docs/index.html', 'a b.html', 'x/y.html'].map((key) => ({
    ...change(key),
    paths: viewerPaths(key, '', 'index.html'),
  }));
  expect(plan(changed).paths).toEqual(['/a%20b.html', '/a+b.html', '/docs', '/docs/', '/docs/index.html', '/x/y.html']);
});

describe('a plan under pressure', () => {
  const scattered = (receiveCount: number) =>
    Array.from({ length: 9 }, (_, at) => change(`${'abcdefghi'[at]}/${at}/index.html`, receiveCount));

  test('is repeated unchanged at first', () => {
    expect(plan(scattered(3))).toEqual(plan(scattered(1)));
  });

  test('ends as one wildcard', () => {
    expect(plan(scattered(1)).paths).toHaveLength(9);
    expect(plan(scattered(13)).paths).toEqual(['/*']);
  });

  test('is not widened by one object alone, however long it waits and however many its paths', () => {
    const alone = (receiveCount: number) => [
      { ...change('a b/c d+e.html', receiveCount), paths: ['/a%20b', '/a+b', '/a'] },
    ];
    expect(plan(alone(100)).paths).toEqual(['/a', '/a%20b', '/a+b']);
  });

  test('is not widened by a few messages that never succeed', () => {
    const healthy = scattered(1);
    const poisoned = [...healthy.slice(0, 6), ...scattered(1000).slice(6)];
    expect(plan(poisoned)).toEqual(plan(healthy));
  });
});

test('a plan that would have too many paths is widened as little as it must be', () => {
  const changed = Array.from({ length: 1200 }, (_, at) => change(`${at % 40}/${(at * 7919) % 1000}/${at}.html`));
  // In no two folders as many.
  const unchanged = Array.from(
    { length: 40_000 },
    (_, at) => `${Math.floor(Math.sqrt(at / 25))}/${at % 1000}/other-${at}.html`,
  );
  const keys = [...changed.map(({ key }) => key), ...unchanged];
  const inventory = inventoryOf(keys);
  const free = plan(changed, { refetchesPerPath: 1, maxPaths: 10_000 }, inventory);
  const bound = plan(changed, { refetchesPerPath: 1 }, inventory);
  expect(free.paths.length).toBeGreaterThan(1000);
  expect(bound.paths.length).toBeLessThanOrEqual(1000);
  expect(bound.paths.length).toBeGreaterThan(900);
});

test('a wildcard that saves little of a large plan is left out, where wildcards are to be saved', () => {
  // Two of the 60 objects in a folder changed, and 99 others all over the bucket: the folder's wildcard saves 0.42 paths of 100.
  const folder = Array.from({ length: 60 }, (_, at) => `folder/${String(at).padStart(2, '0')}`);
  const others = Array.from({ length: 99 }, (_, at) => `${String(at).padStart(2, '0')}/page`);
  const neighbours = others.flatMap((key) => Array.from({ length: 200 }, (_, at) => `${key}/${at}`));
  const keys = [...folder, ...others, ...neighbours];
  const inventory = inventoryOf(keys, () => 0);
  const changed = [...others, 'folder/10', 'folder/20'].map((key) => ({ bucket: 'site', key, paths: [`/${key}`] }));
  const wildcards = (leastSaving: LeastSaving) => plan(changed, { leastSaving }, inventory).paths.filter(isWildcard);
  expect(wildcards({})).toEqual(['/folder/*']);
  expect(wildcards({ each: 0.02 })).toEqual([]);
});

test('wildcards that together save little of a large plan are left out, where wildcards are to be saved', () => {
  // In five folders, four objects of 44 changed: each wildcard saves 2.6 paths, all of them 13 of 100.
  const folders = Array.from('abcde', (letter) => many(44, (file) => `${letter}/${10 + file}`)).flat();
  const others = many(80, (at) => many(500, (file) => `${10 + at}/${10_000 + file}`)).flat();
  const keys = [...folders, ...others];
  const inventory = inventoryOf(keys, () => 0);
  const changed = [...folders.filter((_, at) => at % 11 === 0), ...others.filter((_, at) => at % 500 === 0)];
  const objects = changed.map((key) => ({ bucket: 'site', key, paths: [`/${key}`] }));
  const wildcards = (together: number) => plan(objects, { leastSaving: { each: 0.02, together } }, inventory).wildcards;
  expect([0, 0.12, 0.14].map(wildcards)).toEqual([5, 5, 0]);
});

import fc from 'fast-check';
import type { Inventory } from '../../../lambda/bucket/inventory';
import { readConfiguration } from '../../../lambda/configuration';
import type { Origin } from '../../../lambda/contract/environment';
import { EMPTY_LEDGER, type Ledger } from '../../../lambda/dispatch/ledger';
import { planContext } from '../../../lambda/dispatch/plan-context';
import { coverage } from '../../../lambda/paths/coverage';
import { servedDistribution } from '../../../lambda/paths/served-origins';
import { plan } from '../../../lambda/plan/plan';
import { change, inventoryOf, siteArbitrary } from '../small-sites';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const NOW = Date.parse('2026-11-23T08:00:00Z');
const SITE: Origin = { bucket: 'site', distribution: 'E1SITE', path: '' };

const numbered = (folder: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${folder}/${String(at).padStart(3, '0')}`);

/** Ten of the 160 files of a folder are of one deploy; its wildcard evicts 150, which two paths are too few to pay for. */
const FOLDER = numbered('docs', 160);
const DEPLOYED = FOLDER.filter((_, at) => at % 16 === 0);
const [FIRST = '', LAST = ''] = [DEPLOYED[0], DEPLOYED.at(-1)];
const OTHERS = DEPLOYED.slice(1, -1);
const REST = numbered('archive', 3000);

const served = (origins: readonly Origin[]) =>
  servedDistribution(readConfiguration({ ORIGINS: JSON.stringify(origins) }), { distribution: 'E1SITE' }, undefined);
const changedAt = (key: string, time: number | undefined, receiveCount = 1) => ({ ...change(key, receiveCount), time });

interface Situation {
  /** Of the eight others, in ms after the batch's changes. */
  readonly after?: number;
  readonly origin?: Partial<Origin>;
  readonly ledger?: Partial<Ledger>;
  /** @default NOW */
  readonly time?: number | undefined;
}

/** The plan for two of the ten, when the listing shows that the eight others changed at some time. */
function planOfTwo({ after = 5 * SECOND, origin, ledger, ...its }: Situation) {
  const time = 'time' in its ? its.time : NOW;
  const lastModified = (key: string) => (OTHERS.includes(key) ? NOW + after : NOW - 24 * HOUR);
  const context = planContext(served([{ ...SITE, ...origin }]), { ...EMPTY_LEDGER, ...ledger });
  const two = [FIRST, LAST].map((key) => changedAt(key, time));
  return plan(two, {}, inventoryOf([...FOLDER, ...REST], lastModified), context);
}

const invalidation = (createTime: number, ...paths: string[]) => ({
  invalidations: [{ id: 'I1', createTime, paths }],
});

describe('two of the ten files that a deploy changes in a folder', () => {
  const WILDCARD = { paths: ['/docs/*'], wildcards: 1, evicted: 150, price: 2.5 };
  const EXACT = { paths: [`/${FIRST}`, `/${LAST}`], wildcards: 0, evicted: 0, price: 2 };

  test.each<[string, Situation]>([
    ['when the eight others changed in the same second', { after: 0 }],
    ['when the eight others changed a little later', { after: 30 * SECOND }],
    ['when the eight others changed up to a minute earlier', { after: -60 * SECOND }],
    [
      'when an invalidation covered the others before they changed',
      {
        ledger: invalidation(NOW - HOUR, '/docs/*'),
      },
    ],
    ['when something else is excluded', { origin: { exclude: ['archive/**'] } }],
  ])('take the wildcard of the folder %s', (_, situation) => {
    expect(planOfTwo(situation)).toMatchObject(WILDCARD);
  });

  test.each<[string, Situation]>([
    ['when the eight others changed long ago', { after: -HOUR }],
    ['when the eight others changed more than a minute earlier', { after: -61 * SECOND }],
    ['when nobody knows what was covered when the others changed', { ledger: { completeSince: NOW + 6 * SECOND } }],
    ['when the others are excluded', { origin: { exclude: OTHERS } }],
    ['when the others are outside of the prefix', { origin: { prefix: 'archive/' } }],
    ['when an invalidation covers the others since', { ledger: invalidation(NOW + 10 * SECOND, '/docs/*') }],
    ['when nobody knows when the two changed', { time: undefined }],
  ])('take two paths %s', (_, situation) => {
    expect(planOfTwo(situation)).toMatchObject(EXACT);
  });
});

test('a message that is retried for an hour makes nothing pending that changed meanwhile', () => {
  const inventory = inventoryOf([...FOLDER, ...REST], (key) => (OTHERS.includes(key) ? NOW - HOUR / 2 : 0));
  const context = planContext(served([SITE]), EMPTY_LEDGER);
  const planOf = (receiveCount: number) =>
    plan([changedAt(FIRST, NOW), changedAt(LAST, NOW - HOUR, receiveCount)], {}, inventory, context).paths;
  expect(planOf(2)).toEqual([`/${FIRST}`, `/${LAST}`]);
  expect(planOf(1)).toEqual(['/docs/*']);
});

describe('what covers no change of the batch', () => {
  const blog = numbered('blog', 20);
  const scattered = REST.filter((_, at) => at % 150 === 0);
  const deployed = new Set([...DEPLOYED, ...blog, ...scattered]);
  const inventory = inventoryOf([...FOLDER, ...blog, ...REST], (key) => (deployed.has(key) ? NOW : 0));
  const context = planContext(served([SITE]), EMPTY_LEDGER);
  const two = [changedAt(FIRST, NOW), changedAt(LAST, NOW)];

  test('is not sent, nor billed', () => {
    const expected = { paths: ['/docs/*'], wildcards: 1, evicted: 150, price: 2.5 };
    expect(plan(two, {}, inventory, context)).toMatchObject(expected);
  });

  test('does not count as paths of the plan, and so does not widen it', () => {
    expect(plan(two, { maxPaths: 2 }, inventory, context).paths).toEqual(['/docs/*']);
  });

  test('is not sent, in any bucket, and what is sent covers every change of the batch', () => {
    fc.assert(
      fc.property(siteArbitrary, fc.nat(7), fc.constantFrom(1, 3, 100), (site, which, refetchesPerPath) => {
        const own = site.changed.filter((_, at) => at % 3 === which % 3).map((each) => ({ ...each, time: NOW }));
        const changed = new Set(site.changed.map(({ key }) => key));
        const listed = inventoryOf(site.keys, (key) => (changed.has(key) ? NOW : 0));
        const { paths } = plan(own, { refetchesPerPath }, listed, context);
        const covering = coverage(paths);
        const covers = own.flatMap((each) => each.paths).map(covering);
        expect(covers).not.toContain(undefined);
        expect(new Set(covers)).toEqual(new Set(paths));
      }),
    );
  });
});

describe('the others of a deploy', () => {
  const own = [FIRST, LAST].map((key) => changedAt(key, NOW));
  const unchanged = FOLDER.filter((key) => !DEPLOYED.includes(key));

  /** The unchanged files of the folder, and elsewhere the eight that changed. */
  const inTwo = (elsewhere: { readonly bucket: string; readonly path: string }): Inventory => {
    const here = inventoryOf([...unchanged, FIRST, LAST], () => 0);
    const folder = elsewhere.path === '' ? '' : `${elsewhere.path.slice(1)}/`;
    const there = inventoryOf(
      OTHERS.map((key) => folder + key),
      () => NOW,
      elsewhere,
    );
    return { origins: [...here.origins, ...there.origins], listedPages: 2 };
  };

  test.each([
    ['in another bucket of the distribution', { bucket: 'more', path: '' }],
    ['behind another origin path of the bucket', { bucket: 'site', path: '/live' }],
  ])('count %s', (_, elsewhere) => {
    const context = planContext(served([SITE, { ...elsewhere, distribution: 'E1SITE' }]), EMPTY_LEDGER);
    expect(plan(own, {}, inTwo(elsewhere), context).paths).toEqual(['/docs/*']);
  });

  test('do not count in the bucket of another distribution', () => {
    const elsewhere = { bucket: 'more', path: '' };
    const context = planContext(served([SITE, { ...elsewhere, distribution: 'E2' }]), EMPTY_LEDGER);
    expect(plan(own, {}, inTwo(elsewhere), context).paths).toEqual([`/${FIRST}`, `/${LAST}`]);
  });

  test('count by whichever prefix of the same origin they are watched', () => {
    const origins = ['archive/', 'docs/'].map((prefix) => ({ ...SITE, prefix }));
    const inventory = inventoryOf(FOLDER, (key) => (OTHERS.includes(key) ? NOW : 0));
    const context = planContext(served(origins), EMPTY_LEDGER);
    expect(plan(own, {}, inventory, context).paths).toEqual(['/docs/*']);
  });
});

test('what is pending keeps no plan narrow whose own messages are retried', () => {
  const folders = Array.from('abcdefghi', (letter) => numbered(letter, 30)).flat();
  const inventory = inventoryOf([...folders, ...REST], (key) => (key.endsWith('0') && key.length < 6 ? NOW : 0));
  const context = planContext(served([SITE]), EMPTY_LEDGER);
  const own = (receiveCount: number) =>
    Array.from('abcdefghi', (letter) => changedAt(`${letter}/015`, NOW, receiveCount));
  expect(plan(own(1), {}, inventory, context).paths).toHaveLength(9);
  expect(plan(own(13), {}, inventory, context).paths).toEqual(['/*']);
});

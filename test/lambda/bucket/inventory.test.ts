import fc from 'fast-check';
import { listable } from '../../../cli/plan/bucket-in-memory';
import { LISTED_TO_END, NOT_STARTED, originInventory } from '../../../lambda/bucket/inventory';
import { compareKeys } from '../../../lambda/bucket/key-order';
import { listingProgress } from '../../../lambda/bucket/listing-progress';
import { pathTree, prefixOf } from '../../../lambda/tree/path-tree';

const nameArbitrary = fc.string({ unit: fc.constantFrom('a', 'b', '/', '￿', '\u{1f600}'), minLength: 1, maxLength: 4 });
const namesArbitrary = fc.uniqueArray(nameArbitrary, { maxLength: 20 }).map((names) => names.sort(compareKeys));
const stepsArbitrary = fc.array(
  fc.record({
    prefix: fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 2 }),
    maxKeys: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 12 },
);

const FOLDER = 'live/';

/** Lists on, step by step, from wherever the inventory says, and keeps account by names. */
function listOn(names: readonly string[], steps: readonly { readonly prefix: string; readonly maxKeys: number }[]) {
  const page = listable(
    names.map((name) => FOLDER + name),
    (key) => key.length,
  );
  const inventory = originInventory({ bucket: 'site', path: '/live' });
  const seen = new Set<string>();
  let fully: string[] = [];
  for (const { prefix, maxKeys } of steps) {
    const after = inventory.listedUpTo(prefix);
    if (after === LISTED_TO_END) continue;
    const answer = page(FOLDER + prefix, after === NOT_STARTED ? '' : FOLDER + after, maxKeys);
    inventory.add(prefix, after, answer);
    for (const { key } of answer.objects) seen.add(key.slice(FOLDER.length));
    if (!answer.truncated) fully = [...fully, prefix];
  }
  return { inventory, seen, fully };
}

describe('after any pages in any order', () => {
  test('the objects of an inventory are those that were listed, once each and in the order of S3', () => {
    fc.assert(
      fc.property(namesArbitrary, stepsArbitrary, (names, steps) => {
        const { inventory, seen } = listOn(names, steps);
        expect(inventory.objects).toEqual(
          names.filter((name) => seen.has(name)).map((key) => ({ key, lastModified: FOLDER.length + key.length })),
        );
        expect(inventory.isListed).toBe(steps.length > 0);
      }),
      { numRuns: 1000 },
    );
  });

  test('all names up to the last one that it says were listed, and to the end where it says so', () => {
    fc.assert(
      fc.property(namesArbitrary, stepsArbitrary, fc.oneof(fc.constant(''), nameArbitrary), (names, steps, prefix) => {
        const { inventory, seen, fully } = listOn(names, steps);
        const under = names.filter((name) => name.startsWith(prefix));
        const last = inventory.listedUpTo(prefix);
        if (last === LISTED_TO_END) expect(under.filter((name) => !seen.has(name))).toEqual([]);
        else expect(under.filter((name) => compareKeys(name, last) <= 0 && !seen.has(name))).toEqual([]);
        if (fully.some((each) => prefix.startsWith(each))) expect(last).toBe(LISTED_TO_END);
      }),
      { numRuns: 1000 },
    );
  });

  test('listing on comes to the end, by a name a page at least', () => {
    fc.assert(
      fc.property(namesArbitrary, stepsArbitrary, (names, steps) => {
        const everything = Array.from(names, () => ({ prefix: '', maxKeys: 1 }));
        const { inventory } = listOn(names, [...steps, ...everything, { prefix: '', maxKeys: 1 }]);
        expect(inventory.listedUpTo('')).toBe(LISTED_TO_END);
        expect(inventory.objects.map(({ key }) => key)).toEqual(names);
      }),
    );
  });

  test('what is known of the nodes of a tree is what was listed under them', () => {
    fc.assert(
      fc.property(
        namesArbitrary,
        stepsArbitrary,
        fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 4 }), {
          maxLength: 8,
        }),
        (names, steps, changedNames) => {
          const { inventory, seen } = listOn(names, steps);
          const changed = changedNames.map((name) => ({
            bucket: 'site',
            key: FOLDER + name,
            originPath: `/${FOLDER.slice(0, -1)}`,
            paths: [`/${name}`],
          }));
          const tree = pathTree(changed.flatMap(({ paths }) => paths));
          const isUnchanged = (_: unknown, name: string) => !changedNames.includes(name);
          const progress = listingProgress(tree, changed, [inventory], isUnchanged);
          for (const node of tree.nodes) {
            const prefix = prefixOf(tree, node).slice(1);
            const last = inventory.listedUpTo(prefix);
            const found = names.filter((name) => name.startsWith(prefix) && seen.has(name) && isUnchanged(0, name));
            const listed = changedNames.filter(
              (name) => name.startsWith(prefix) && (last === null || compareKeys(name, last) <= 0),
            );
            expect(progress.namePrefix(node)).toBe(prefix);
            expect(progress.unchangedFound(node)).toBe(found.length);
            expect(progress.changedListed(node)).toBe(listed.length);
            expect(progress.coverage(node)).toBe(
              last === LISTED_TO_END ? 'fully listed' : last === NOT_STARTED ? 'unlisted' : 'partly listed',
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test.each<
  [string, [prefix: string, after: string, keys: string[], truncated: boolean][], Record<string, string | null>]
>([
  ['nothing', [], { '': NOT_STARTED, a: NOT_STARTED }],
  [
    'a page of a folder',
    [['a/', '', ['a/1', 'a/2'], true]],
    { 'a/': 'a/2', '': NOT_STARTED, 'a/2': 'a/2', 'a/3': NOT_STARTED },
  ],
  [
    'the whole of a folder',
    [['a/', '', ['a/1'], false]],
    { 'a/': null, 'a/b/': null, a: NOT_STARTED, a0: NOT_STARTED },
  ],
  ['an empty folder', [['a/', '', [], false]], { 'a/': null, '': NOT_STARTED }],
  [
    'two pages that touch',
    [
      ['', '', ['a', 'b'], true],
      ['', 'b', ['c'], true],
    ],
    { '': 'c', b: null, c: 'c' },
  ],
  ['a page behind what was not listed', [['', 'b', ['c'], true]], { '': NOT_STARTED, b: null, c: 'c' }],
  [
    'a folder within a page, and behind it',
    [
      ['b/', '', ['b/1'], false],
      ['', '', ['a', 'b/0'], true],
    ],
    { '': `b/\u{10FFFF}\u{10FFFF}`, a: null, 'b/': null, c: NOT_STARTED },
  ],
])('how far names are listed after %s', (_, pages, expected) => {
  const inventory = originInventory({ bucket: 'site', path: '' });
  for (const [prefix, after, keys, truncated] of pages) {
    inventory.add(prefix, after, { objects: keys.map((key) => ({ key })), truncated });
  }
  expect(Object.fromEntries(Object.keys(expected).map((prefix) => [prefix, inventory.listedUpTo(prefix)]))).toEqual(
    expected,
  );
});

test('an empty page with more to come is an error', () => {
  const inventory = originInventory({ bucket: 'site', path: '' });
  expect(() => inventory.add('', '', { objects: [], truncated: true })).toThrow('empty page');
});

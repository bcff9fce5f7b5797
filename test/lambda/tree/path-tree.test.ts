import fc from 'fast-check';
import { commonLength } from '../../../lambda/tree/character-boundary';
import { REPEATED, sortPaths } from '../../../lambda/tree/sort-paths';

const PIECES = ['a', 'b', 'ab', '/', '//', '%20', '%E2%82%AC', '%C3%A9', '*', 'x'.repeat(30), '\x7f'];
const ODD = ['\u0000', 'é', 'ÿ', 'Ā', '€', '\u{1f600}', '\uff5e'];

const pathsOf = (pieces: readonly string[], maxLength: number) =>
  fc.array(
    fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((all) => all.join('')),
    { maxLength, size: 'max' },
  );

function expectSorted(unsorted: readonly string[]): void {
  const { paths, order, common, hasStars } = sortPaths(unsorted);
  const expected = [...unsorted].sort();
  expect(paths).toEqual(expected);
  expect(Array.from(order, (at) => unsorted[at])).toEqual(expected);
  expect(new Set(order).size).toBe(unsorted.length);
  expect(hasStars).toBe(unsorted.some((path) => path.endsWith('*')));
  expect([...common].slice(1)).toEqual(
    expected.slice(1).map((path, at) => {
      const before = expected[at] as string;
      return before === path ? REPEATED : commonLength(before, path);
    }),
  );
}

describe('paths are sorted as the default sort does it, with what neighbours share', () => {
  test('few of them', () => {
    fc.assert(fc.property(pathsOf(PIECES, 12), expectSorted), { numRuns: 500 });
  });

  test('many of them', () => {
    fc.assert(fc.property(pathsOf(PIECES, 400), expectSorted), { numRuns: 50 });
  });

  test('with characters that do not fit into a byte', () => {
    fc.assert(fc.property(pathsOf([...PIECES, ...ODD], 60), expectSorted), { numRuns: 300 });
  });

  test('when they are long and all but the same', () => {
    expectSorted(Array.from({ length: 300 }, (_, at) => `/${'a/'.repeat((at * 7) % 90)}${at % 50}`));
  });
});

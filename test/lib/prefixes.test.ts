import fc from 'fast-check';
import { overlap, withoutOverlaps } from '../../lib/source/prefixes';

test.each<[string[], string[]]>([
  [[''], ['']],
  [['a/', ''], ['']],
  [
    ['a/', 'b/', 'a/'],
    ['a/', 'b/'],
  ],
  [['site/docs/', 'site/', 'site/img/'], ['site/']],
  // A shorter name is no folder around a longer one.
  [
    ['a/', 'ab'],
    ['a/', 'ab'],
  ],
])('%j is %j without overlaps', (prefixes, expected) => {
  expect(withoutOverlaps(prefixes)).toEqual(expected);
});

test('they cover the same keys, and no two overlap', () => {
  const words = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 4 });
  fc.assert(
    fc.property(fc.array(words, { minLength: 1 }), words, (prefixes, key) => {
      const merged = withoutOverlaps(prefixes);
      const covered = (by: string[]) => by.some((prefix) => key.startsWith(prefix));
      expect(covered(merged)).toBe(covered(prefixes));
      for (const a of merged) for (const b of merged) expect(a !== b && overlap(a, b)).toBe(false);
    }),
  );
});

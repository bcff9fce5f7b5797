import * as fc from 'fast-check';
import { matchesPattern, reachability } from '../../../lambda/distribution/path-pattern';
import { EFFORT, PATIENCE } from '../../effort';

jest.setTimeout(PATIENCE);

/** What the documentation of CloudFront says of patterns, as a regular expression. */
function asRegExp(pattern: string): RegExp {
  const parts = Array.from(pattern, (each) => (each === '*' ? '[^]*' : each === '?' ? '[^]' : `\\x${hex(each)}`));
  return new RegExp(`^${parts.join('')}$`);
}

const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(2, '0');

/** `-` stands for all that no pattern names. */
const ALPHABET = ['a', 'b', '/', '-'];

/** Every text of at most so many characters. */
function textsUpTo(length: number): string[] {
  let longest = [''];
  let texts = [''];
  for (let each = 0; each < length; each++) {
    longest = longest.flatMap((text) => ALPHABET.map((character) => text + character));
    texts = texts.concat(longest);
  }
  return texts;
}

const TEXTS = textsUpTo(6);

let longerTexts: readonly string[] | undefined;
const LONGER_TEXTS = () => (longerTexts ??= textsUpTo(8));

const patternArbitrary = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 5 });

test.each([
  ['/images/*', '/images/a/b.jpg', true],
  ['/images/*', '/images', false],
  ['/images/*', '/Images/a', false],
  ['/*.jpg', '/a/b.jpg', true],
  ['/a?c', '/abc', true],
  ['/a?c', '/ac', false],
  ['/*', '/', true],
  ['/a*b*c', '/aXbXbc', true],
  ['/a.c', '/abc', false],
])('%s and %s: %s', (pattern, path, expected) => {
  expect(matchesPattern(path, pattern)).toBe(expected);
});

test('a path matches a pattern as the documentation says', () => {
  fc.assert(
    fc.property(patternArbitrary, fc.constantFrom(...TEXTS), (pattern, text) => {
      expect(matchesPattern(text, pattern)).toBe(asRegExp(pattern).test(text));
    }),
    { numRuns: 5 * EFFORT.fuzzRuns },
  );
});

test('a long path of a stranger and a pattern full of stars are soon told apart', () => {
  expect(matchesPattern(`/${'a'.repeat(1000)}b`, `/${'*a'.repeat(100)}`)).toBe(false);
});

test('a prefix reaches a behavior where some path that begins with it is served by it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...textsUpTo(2)),
      patternArbitrary,
      fc.array(patternArbitrary, { maxLength: 3 }),
      (prefix, pattern, before) => {
        const [own, ...others] = [pattern, ...before].map(asRegExp) as [RegExp, ...RegExp[]];
        const isServed = (text: string) => own.test(text) && !others.some((each) => each.test(text));
        const isReached = reachability(pattern, before);
        // Few patterns have only paths that are longer than what is always tried.
        const isExpected =
          TEXTS.some((text) => text.startsWith(prefix) && isServed(text)) ||
          (isReached(prefix) && LONGER_TEXTS().some((text) => isServed(prefix + text)));
        expect([prefix, isReached(prefix)]).toEqual([prefix, isExpected]);
      },
    ),
    { numRuns: EFFORT.fuzzRuns },
  );
});

test.each<[string, string, string[], boolean]>([
  ['/', '/app/*', [], true],
  ['/docs/', '/app/*', [], false],
  ['/docs/', '/*.php', [], true],
  ['/app/', '/*', ['/app/*'], false],
  ['/ap', '/*', ['/app/*'], true],
  ['/img/', '/*', ['/img/*.jpg', '/img/*.png'], true],
  ['/img/a.jpg', '/*', ['/img/*'], false],
  ['/a', '/*', ['/a', '/a?*'], false],
  ['/a', '/*', ['/a?*'], true],
])('the wildcard behind %s and a behavior %s after %j: %s', (prefix, pattern, before, expected) => {
  expect(reachability(pattern, before)(prefix)).toBe(expected);
});

test('patterns too entangled to tell are said to be reached, soon', () => {
  const entangled = Array.from({ length: 20 }, (_, at) => `/*a${'?'.repeat(at)}b*c${'?'.repeat(at)}d`);
  expect(reachability('/*x', entangled)('/')).toBe(true);
});

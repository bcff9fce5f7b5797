import fc from 'fast-check';
import { invalidates, isWildcard, MAX_PATH_LENGTH, pathFault } from '../../local/cloudfront/path-rules';

test.each([
  '/',
  '/*',
  '/index.html',
  '/img/cat-*',
  '/a*b',
  '/a%20b',
  '/caf%C3%A9.html',
  '/a%7Eb',
  '/%2A',
  "/!$&'()+,-.:;=@_?",
  '/a//b/../c',
  `/${'a'.repeat(MAX_PATH_LENGTH - 1)}`,
])('accepts %.40s', (path) => expect(pathFault(path)).toBeUndefined());

test.each<readonly [string, string]>([
  ['', 'slash'],
  ['index.html', 'slash'],
  ['*', 'slash'],
  ['#', 'is an empty cache tag'],
  ['#a,b', 'comma'],
  ['#a b', 'visible ASCII'],
  [`#${'x'.repeat(257)}`, '256'],
  [' /a', 'slash'],
  [`/${'a'.repeat(MAX_PATH_LENGTH)}`, '4000'],
  ['/a b', '" "'],
  ['/café', '"é"'],
  ['/日本', '"日"'],
  ['/😀', '"😀"'],
  ['/a\nb', '"\\n"'],
  ['/\u007f', 'percent-encoded'],
  ...Array.from('"<>#{}|\\^[]`', (unsafe) => [`/a${unsafe}b`, JSON.stringify(unsafe)] as const),
  ['/a~b', '~'],
  ['/~*', '~'],
  ['/a%', '%'],
  ['/a%2', '%'],
  ['/a%zz', '%'],
  ['/100%*', '%'],
])('refuses %.40s', (path, why) => expect(pathFault(path)).toContain(why));

test('encodeURI, then # as %23, is accepted for every key without a tilde', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (key) => {
      const path = `/${encodeURI(key.replaceAll('~', '-')).replaceAll('#', '%23')}`;
      return pathFault(path) === undefined;
    }),
  );
});

test.each([
  ['/a', '/a', true],
  ['/a', '/A', false],
  ['/a', '/ab', false],
  ['/a*', '/ab', true],
  ['/a*', '/a', true],
  ['/a*', '/b/a', false],
  ['/*', '/', true],
  ['/docs/*', '/docs', false],
  ['/a*b', '/axb', false],
  ['/a*b', '/a*b', true],
  ['/a%2A', '/a*', false],
  ['/a+b', '/a%2Bb', false],
  ['/a%2Bb', '/a+b', false],
  ['/a%20b', '/a%20b', true],
  ['/a%20b', '/a+b', false],
  // Browsers leave these raw, and no invalidation path can.
  ['/a%5B1%5D.js', '/a[1].js', true],
  ['/a%5B1%5D.js', '/a%5b1%5d.js', false],
  ['/caf%C3%A9', '/caf\u00c3\u00a9', true],
  ['/a%7Eb', '/a~b', false],
  ['/a%7Eb', '/a%7Eb', false],
  ['/a%7e*', '/a%7eb', false],
  ['/a*', '/a~b', true],
  ['/a', '/a?v=1', false],
  ['/a?v=1', '/a?v=1', true],
  ['/a*', '/a?v=1', true],
  ['/a?*', '/a?v=1', true],
  ['/a?*', '/a', false],
  ['/a?*', '/ab', false],
  ['/a%3F*', '/a?v=1', false],
  ['/a*', '/a%7Eb', true],
])('%s on what is cached under %s: %s', (path, cached, expected) => expect(invalidates(path, cached)).toBe(expected));

test('an accepted exact path drops itself and nothing else; a wildcard drops what begins with it', () => {
  const path = fc.stringMatching(/^\/([a-zA-Z0-9._/+-]|%[2-6][0-9A-D]){0,20}$/);
  fc.assert(
    fc.property(path, path, (one, other) => {
      expect(pathFault(one)).toBeUndefined();
      expect(isWildcard(one)).toBe(false);
      expect(invalidates(one, one)).toBe(true);
      expect(invalidates(one, other)).toBe(one === other);
      expect(invalidates(`${one}*`, one + other)).toBe(true);
      expect(invalidates(`${one}*`, other)).toBe(other.startsWith(one));
    }),
  );
});

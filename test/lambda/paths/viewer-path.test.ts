import { viewerPaths } from '../../../lambda/paths/viewer-path';

const paths = (key: string, { originPath = '', indexDocument = 'index.html' } = {}) =>
  viewerPaths(key, originPath, indexDocument);

test.each<[string, string, string[]]>([
  ['a plain key', 'css/site.css', ['/css/site.css']],
  ['the marks that must stay raw', "a-b_c.d!e*f'g(h)", ["/a-b_c.d!e*f'g(h)"]],
  [
    'the reserved characters, raw and as hex',
    'a&b,c:d;e=f@g$h',
    ['/a&b,c:d;e=f@g$h', '/a%26b%2Cc%3Ad%3Be%3Df%40g%24h', '/a%26b%2cc%3ad%3be%3df%40g%24h'],
  ],
  ['an at sign, whose hex has no letter', 'logo@2x.html', ['/logo@2x.html', '/logo%402x.html']],
  ['a colon, whose hex some write in small letters', 'v1:2.deb', ['/v1:2.deb', '/v1%3A2.deb', '/v1%3a2.deb']],
  [
    'a reserved character in the folder of an index document',
    '@app/index.html',
    ['/@app/index.html', '/%40app/index.html', '/@app/', '/%40app/', '/@app', '/%40app'],
  ],
  ['a reserved character and a space', 'a b@c', ['/a%20b@c', '/a+b@c', '/a%20b%40c', '/a+b%40c']],
  ['a reserved character and a plus', 'a+b@c', ['/a+b@c', '/a%2Bb@c', '/a+b%40c', '/a%2Bb%40c', '/a%2bb%40c']],
  ["RFC 1738's unsafe characters", 'a"<>%{}|\\^[]`#b', ['/a%22%3C%3E%25%7B%7D%7C%5C%5E%5B%5D%60%23b']],
  ['a key beyond ASCII', 'é/日本/🎉', ['/%C3%A9/%E6%97%A5%E6%9C%AC/%F0%9F%8E%89']],
  ['a question mark', 'a?b=c.html', ['/a%3Fb=c.html', '/a%3Fb%3Dc.html', '/a%3Fb%3dc.html']],
  ['a percent sign that is no encoding', '100%.txt', ['/100%25.txt']],
  ['a key that looks encoded', 'a%20b', ['/a%2520b']],
  ['a control character', 'a\nb', ['/a%0Ab']],
  ['a space, which S3 serves for both spellings', 'a b c', ['/a%20b%20c', '/a+b+c']],
  ['a plus', 'c++', ['/c++', '/c%2B%2B', '/c%2b%2b']],
  ['a space and a plus', 'a b+c', ['/a%20b+c', '/a+b+c', '/a%20b%2Bc', '/a+b%2Bc', '/a%20b%2bc', '/a+b%2bc']],
  ['a tilde', 'js/runtime~main.js', ['/js/runtime*']],
  ['a tilde at the front', '~user/a.html', ['/*']],
  ['a tilde in the folder of an index document', 'docs/~x/index.html', ['/docs/*']],
  ['a tilde behind a space', 'a b~c', ['/a%20b*', '/a+b*']],
  ['a star at the end', 'a*', ['/a*']],
  ['an index document', 'docs/index.html', ['/docs/index.html', '/docs/', '/docs']],
  ["the root's index document", 'index.html', ['/index.html', '/']],
  ['a name that only ends like it', 'docs/myindex.html', ['/docs/myindex.html']],
  ['an index document behind an empty segment', 'a//index.html', ['/a//index.html', '/a//', '/a/']],
  [
    'an index document in a folder with a space',
    'a b/index.html',
    ['/a%20b/index.html', '/a+b/index.html', '/a%20b/', '/a+b/', '/a%20b', '/a+b'],
  ],
  ['a folder marker', 'docs/', ['/docs/']],
  ['a leading slash', '/a.html', ['//a.html']],
])('%s', (_, key, expected) => {
  expect(paths(key)).toEqual(expected);
});

test('another index document is the one', () => {
  expect(paths('docs/home.htm', { indexDocument: 'home.htm' })).toEqual(['/docs/home.htm', '/docs/', '/docs']);
  expect(paths('docs/index.html', { indexDocument: 'home.htm' })).toEqual(['/docs/index.html']);
});

test('without an index document a folder has no URL', () => {
  expect(paths('docs/index.html', { indexDocument: '' })).toEqual(['/docs/index.html']);
  expect(paths('index.html', { indexDocument: '' })).toEqual(['/index.html']);
  expect(paths('docs/', { indexDocument: '' })).toEqual(['/docs/']);
});

test('the origin path is not part of the path', () => {
  expect(paths('site/a.html', { originPath: '/site' })).toEqual(['/a.html']);
  expect(paths('site/index.html', { originPath: '/site' })).toEqual(['/index.html', '/']);
  expect(paths('a/b/c.html', { originPath: '/a/b' })).toEqual(['/c.html']);
});

test('a key outside of the origin path has no path', () => {
  expect(paths('other/a.html', { originPath: '/site' })).toEqual([]);
  expect(paths('sitemap.xml', { originPath: '/site' })).toEqual([]);
  expect(paths('site', { originPath: '/site' })).toEqual([]);
});

test('a path over 4,000 characters is covered by the longest wildcard that fits', () => {
  expect(paths('a'.repeat(3999))).toEqual([`/${'a'.repeat(3999)}`]);
  expect(paths('a'.repeat(4000))).toEqual([`/${'a'.repeat(3998)}*`]);
});

test('a wildcard never cuts the encoding of a character', () => {
  for (let shift = 0; shift < 12; shift++) {
    const [path = ''] = paths('a'.repeat(shift) + '🎉'.repeat(400));
    expect(path.length).toBeGreaterThan(3987);
    expect(path.length).toBeLessThanOrEqual(4000);
    expect(path).toMatch(/^\/a*(%F0%9F%8E%89)*\*$/);
  }
});

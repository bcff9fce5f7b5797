import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { planWithListing } from '../../../cli/plan/plan-with-listing';
import { aliasPathFault, patternFault } from '../../../lambda/contract/alias-pattern';
import type { Alias } from '../../../lambda/contract/environment';
import { aliasesBy } from '../../../lambda/paths/alias';
import { matcher } from '../../../lambda/paths/alias-matcher';
import { coverage } from '../../../lambda/paths/coverage';
import { servedByOptions } from '../../../lambda/paths/served-by-options';
import { keyArbitrary, listing, ORIGIN } from '../small-sites';

describe('a pattern', () => {
  test.each<[string, string, Record<string, string> | undefined]>([
    ['images/{name}.jpg', 'images/cat.jpg', { name: 'cat' }],
    ['images/{name}.jpg', 'images/cat.jpg.jpg', { name: 'cat.jpg' }],
    ['images/{name}.jpg', 'images/.jpg', undefined],
    ['images/{name}.jpg', 'images/old/cat.jpg', undefined],
    ['images/{name+}.jpg', 'images/old/cat.jpg', { name: 'old/cat' }],
    ['images/{name}.jpg', 'old/images/cat.jpg', undefined],
    ['images/{name}.jpg', 'images/cat.jpeg', undefined],
    ['{x}-{y}', 'a-b-c', { x: 'a-b', y: 'c' }],
    ['{x+}/{y}', 'a/b/c', { x: 'a/b', y: 'c' }],
    ['{x}/{y+}', 'a/b/c', { x: 'a', y: 'b/c' }],
    ['{x}.{y}', 'a', undefined],
    ['a.c', 'abc', undefined],
    ['{x}é{y}', '🎉é日', { x: '🎉', y: '日' }],
    ['robots.txt', 'robots.txt', {}],
    ['robots.txt', 'robots.txt2', undefined],
  ])('%s and the key %s', (pattern, key, values) => {
    const found = matcher(pattern)(key);
    expect(found && Object.fromEntries(found)).toEqual(values);
  });

  test('takes a key where a regular expression does, and finds the same', () => {
    const pieces = fc.array(fc.constantFrom('a', 'b', '/', '-', '{', '{+'), { minLength: 1, maxLength: 7 });
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(pieces, key, (shape, name) => {
        const pattern = shape.map((piece, at) => piece.replace('{+', `{p${at}+}`).replace(/^\{$/, `{p${at}}`)).join('');
        fc.pre(patternFault(pattern) === undefined);
        const asRegExp = shape.map((piece, at) =>
          piece.replace('{+', `(?<p${at}>.+)`).replace(/^\{$/, `(?<p${at}>[^/]+)`),
        );
        const expected = new RegExp(`^${asRegExp.join('')}$`).exec(name);
        const found = matcher(pattern)(name);
        expect(found && Object.fromEntries(found)).toEqual(expected ? { ...expected.groups } : undefined);
      }),
      { numRuns: 500 },
    );
  });

  test('that would make a regular expression try forever is as fast as any other', () => {
    const pattern = `${Array.from({ length: 12 }, (_, at) => `{p${at}+}a`).join('')}b`;
    expect(matcher(pattern)('a'.repeat(1024))).toBeUndefined();
  });

  test.each([
    ['', 'without a slash in front'],
    ['/images/{name}', 'without a slash in front'],
    ['images/*.jpg', '{name}'],
    ['images/{name', 'braces'],
    ['images/{}', 'braces'],
    ['images/{name*}', '{name}'],
    ['images/{a b}', 'braces'],
    ['images/name}', 'braces'],
    ['{a}/{a}', 'once'],
    ['{a}{b+}', 'between'],
    ['\ud800', 'Unicode'],
  ])('%j is an error', (pattern, why) => expect(patternFault(pattern)).toContain(why));
});

describe('a path', () => {
  test.each<[string, string, string[]]>([
    ['/resized/{name}-*', 'a b', ['/resized/a%20b-*', '/resized/a+b-*']],
    ['/{name}.webp', 'c++', ['/c++.webp', '/c%2B%2B.webp', '/c%2b%2b.webp']],
    ['/{name}.webp', 'é#?', ['/%C3%A9%23%3F.webp']],
    ['/{name}.webp', '50%', ['/50%25.webp']],
    ['/{name}.webp', 'run~main', ['/run*']],
    ['/{name}-*', 'run~main', ['/run*']],
    ['/{name}/{name}', 'x', ['/x/x']],
    ['/é/%C3%A9/{name}', 'x', ['/%C3%A9/%C3%A9/x']],
    ['/image?of=%2Fimages%2F{name}', 'x', ['/image?of=%2Fimages%2Fx']],
    ['/{name}?of={name}', 'a&b', ['/a&b?of=a&b', '/a&b?of=a%26b', '/a%26b?of=a&b', '/a%26b?of=a%26b']],
    ['/w=200,h=80/{name}', 'v1:2', ['/w=200,h=80/v1:2', '/w=200,h=80/v1%3A2', '/w=200,h=80/v1%3a2']],
    ['/{name}', 'a*', ['/a*']],
    ['/all.xml', 'x', ['/all.xml']],
    ['/{name}', 'é'.repeat(511), [`/${'%C3%A9'.repeat(511)}`]],
    ['/{name}/{name}', '日'.repeat(300), [`/${'%E6%97%A5'.repeat(300)}/${'%E6%97%A5'.repeat(144)}*`]],
  ])('%.40s of %.20s', (path, name, expected) => {
    expect(aliasesBy([{ pattern: '{name}', paths: [path] }])(name)).toEqual(expected);
  });

  test.each([
    ['resized/{name}', 'begin with a slash'],
    ['', 'begin with a slash'],
    ['/{name}/*.jpg', 'at the end only'],
    ['/{name}**', 'at the end only'],
    ['/~{name}', 'no "~"'],
    ['/%7e{name}', 'no "~"'],
    ['/{name}#top', 'no "#"'],
    ['/{nme}', 'which has no {nme}'],
    ['/{name+}', 'braces'],
    ['/{name', 'braces'],
    ['/100%', 'a "%" only'],
    ['/%c3%a9', 'a "%" only'],
    ['/%FF', 'a "%" only'],
    ['/%C3{name}', 'a "%" only'],
    [`/${'a'.repeat(4000)}`, '4000'],
    ['/\udc00', 'Unicode'],
  ])('%.40j is an error', (path, why) => expect(aliasPathFault(path, '{name}')).toContain(why));
});

test('what the docs say of the rules is so', () => {
  const page = readFileSync(join(__dirname, '../../../docs/aliases.md'), 'utf8');
  const [, rules = ''] = /aliases: (\[.*?\n {4}\]),/s.exec(page) ?? [];
  const aliases: Alias[] = new Function(`return ${rules}`)();
  for (const { pattern, paths } of aliases) {
    expect(
      [patternFault(pattern), ...(paths ?? []).map((path) => aliasPathFault(path, pattern))].filter(Boolean),
    ).toEqual([]);
  }
  const aliasesOf = aliasesBy(aliases);
  const rows = page.split('\n').filter((line) => /^\| `\w+\/.*\| `/.test(line));
  expect(rows).toHaveLength(5);
  for (const row of rows) {
    const [[key = ''] = [], own, further] = row
      .split('|')
      .slice(1)
      .map((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = '']) => code));
    const origin = { bucket: 'site', distribution: 'E1', path: '', excludes: () => false, aliasesOf };
    const { paths, aliases: found = [] } = servedByOptions(origin, '').pathsOf(key);
    expect(paths).toEqual([...(own ?? []), ...(further ?? [])]);
    expect(found).toEqual(further);
  }
});

const RULES: Alias[] = [
  { pattern: 'images/{name}.jpg', paths: ['/r/100/{name}', '/r/200/{name}'] },
  { pattern: '{all+}', paths: ['/all/{all}'] },
];

function planner(rules: Alias[], keys: readonly string[], queryStrings = false) {
  const origin = { bucket: 'site', distribution: 'E1', path: '', excludes: () => false, queryStrings };
  const aliasesOf = aliasesBy(rules);
  const changeOf = (key: string) => ({
    bucket: 'site',
    key,
    ...servedByOptions({ ...origin, aliasesOf }, '').pathsOf(key),
  });
  return (changed: readonly string[]) =>
    planWithListing(changed.map(changeOf), { origins: [ORIGIN], list: listing(keys) });
}

describe('the plan', () => {
  const images = (count: number) => Array.from({ length: count }, (_, at) => `images/${1000 + at}.jpg`);
  const rules = RULES.slice(0, 1);

  test('does not evict the aliases of a thousand images for two that changed', async () => {
    const plan = planner(rules, images(1000));
    expect((await plan(['images/1001.jpg', 'images/1900.jpg'])).paths).toEqual([
      '/images/1001.jpg',
      '/images/1900.jpg',
      '/r/100/1001',
      '/r/100/1900',
      '/r/200/1001',
      '/r/200/1900',
    ]);
  });

  test('nor for one', async () => {
    const plan = planner(rules, images(1000));
    expect((await plan(['images/1001.jpg'])).paths).toEqual(['/images/1001.jpg', '/r/100/1001', '/r/200/1001']);
  });

  test('takes wildcards where most of them changed', async () => {
    const plan = planner(rules, [...images(100), ...Array.from({ length: 5000 }, (_, at) => `docs/${at}.html`)]);
    expect((await plan(images(90))).paths).toEqual(['/images/10*', '/r/100/10*', '/r/200/10*']);
  });

  test('covers every path, within the quota, and the same whatever the order', async () => {
    const keys = fc.uniqueArray(keyArbitrary, { minLength: 1, maxLength: 20 });
    const rules: Alias[] = [...RULES, { pattern: '{x}a{y+}', paths: ['/{y}-*', '/q?{x}', '/docs/{y}'] }];
    await fc.assert(
      fc.asyncProperty(keys, fc.boolean(), async (all, queryStrings) => {
        const plan = planner(rules, all, queryStrings);
        const changed = all.slice(0, Math.ceil(all.length / 2));
        const { paths, wildcards } = await plan(changed);
        expect(wildcards).toBeLessThanOrEqual(15);
        const origin = { bucket: 'site', distribution: 'E1', path: '', excludes: () => false, queryStrings };
        const served = changed.flatMap(
          (key) => servedByOptions({ ...origin, aliasesOf: aliasesBy(rules) }, '').pathsOf(key).paths,
        );
        expect(served.filter((path) => coverage(paths)(path) === undefined)).toEqual([]);
        expect((await plan(changed.toReversed())).paths).toEqual(paths);
      }),
      { numRuns: 300 },
    );
  });
});

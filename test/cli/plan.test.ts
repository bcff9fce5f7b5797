import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmRun } from '../bench/run';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('');
const posts = Array.from({ length: 12 }, (_, at) => `posts/${at}.html`);

test('changed keys in, paths out, and what they cost beside them', () => {
  const run = npmRun('plan', ['--origin-path', '/site'], lines('site/a/index.html'));
  expect(run).toMatchObject({ status: 0, stdout: lines('/a', '/a/', '/a/index.html') });
  expect(run.stderr).toMatch(/^3 paths, no wildcard: \$0\.015; no unchanged object evicted; bucket unknown$/m);
});

test.each([
  [[], ['/', '/a/none', '/index.html']],
  [
    ['--index-document', 'none'],
    ['/a/none', '/index.html'],
  ],
])('with %j, folders have the index document that the stack would have', (options, paths) => {
  expect(npmRun('plan', options, lines('index.html', 'a/none')).stdout).toBe(lines(...paths));
});

test('what is in the bucket decides between a wildcard and the paths', () => {
  const plan = (objects: readonly string[], ...options: string[]) => {
    const file = join(folder, 'objects.txt');
    writeFileSync(file, lines(...objects));
    return npmRun('plan', ['--objects', file, ...options], lines(...posts));
  };
  const neighbours = Array.from({ length: 5000 }, (_, at) => `posts/old-${at}.html`);
  expect(plan([...posts, 'index.html']).stdout).toBe('/posts/*\n');
  expect(plan([...posts, ...neighbours]).stdout.split('\n')).toContain('/posts/0.html');
  expect(plan([...posts, ...neighbours], '--refetches-per-path', '100000').stdout).toBe('/posts/*\n');
});

test('what a plan costs, in dollars first, and then what it is weighed as', () => {
  const file = join(folder, 'neighbours.txt');
  writeFileSync(file, lines(...posts, 'posts/a', 'posts/b', 'c'));
  const run = npmRun('plan', ['--objects', file, '--refetches-per-path', '50'], lines(...posts));
  expect(run.stdout).toBe('/posts/*\n');
  expect(run.stderr).toMatch(
    /^1 path, 1 wildcard: \$0\.005; weighed as 1\.04 paths \(2 unchanged objects evicted, 50 weigh as one path\); 1 list page$/m,
  );
});

test.each<[string, string[], string[], string, RegExp]>([
  [
    'evicts nothing, where nothing else lies under it',
    ['docs/a~.html', 'docs/b.html', 'docs/c.html', 'z/1'],
    [],
    '/docs/a*',
    /^1 path, 1 wildcard: \$0\.005; no unchanged object evicted; 0 list pages$/m,
  ],
  [
    'evicts what lies under it, in any spelling, and nothing else',
    ['site/docs/a~.html', 'site/docs/a b.html', 'site/docs/a~/index.html', 'site/docs/b.html', 'docs/a.html'],
    ['--origin-path', '/site', '--viewer-prefix', '/x'],
    '/x/docs/a*',
    /weighed as 1\.02 paths \(2 unchanged objects evicted, 100 weigh as one path\)/,
  ],
])('a wildcard that a ~ forces %s', (_, objects, options, path, cost) => {
  const file = join(folder, 'tilde.txt');
  writeFileSync(file, lines(...objects));
  const run = npmRun('plan', ['--objects', file, ...options], lines(objects[0] ?? ''));
  expect(run.stdout).toBe(lines(path));
  expect(run.stderr).toMatch(cost);
});

test('without the bucket, what a wildcard evicts is estimated', () => {
  const run = npmRun('plan', [], lines('docs/a~.html'));
  expect(run.stderr).toMatch(/\(about \d+ unchanged objects evicted, 100 weigh as one path\); bucket unknown$/m);
});

test('what the function would leave out is left out, and counted', () => {
  const keys = ['docs/a.html', 'docs/assets/b.js', 'docs/c.map', 'docs/d.map', 'e.html', 'assets/f.js'];
  const options = ['--origin-path', '/docs', '--exclude', 'assets/**', '--exclude', '*.map'];
  const run = npmRun('plan', options, lines(...keys));
  expect(run).toMatchObject({ status: 0, stdout: '/a.html\n' });
  expect(run.stderr).toMatch(/^2 keys are outside of the origin path \/docs\.\n3 keys are excluded\.\n1 path, /m);
});

test('a later glob takes keys back in, and one that leaves nothing is remarked on', () => {
  const keys = lines('assets/a.js', 'assets/logo.png', 'index.css');
  const plan = (...globs: string[]) =>
    npmRun(
      'plan',
      globs.flatMap((glob) => ['--exclude', glob]),
      keys,
    );
  expect(plan('assets/**', '!assets/logo.png').stdout).toBe(lines('/assets/logo.png', '/index.css'));
  const run = plan('!a', '**');
  expect(run).toMatchObject({ status: 0, stdout: '' });
  expect(run.stderr).toContain('--exclude !a --exclude ** excludes every key.');
});

test('viewers may have a prefix in front of the keys', () => {
  const file = join(folder, 'prefixed.txt');
  writeFileSync(file, lines(...posts.map((post) => `site/${post}`), 'site/other.html'));
  const options = ['--origin-path', '/site', '--viewer-prefix', '/blog', '--objects', file];
  const run = npmRun('plan', options, lines('site/index.html', ...posts.map((post) => `site/${post}`)));
  expect(run).toMatchObject({ status: 0, stdout: '/blog*\n' });
  expect(run.stderr).toContain('1 unchanged object evicted');
});

test('a key with a slash in front is planned, with a warning; one of blanks is a key', () => {
  const run = npmRun('plan', [], lines('a.html', '/b.html', '/c\u001b[2J.html', ' '));
  expect(run).toMatchObject({ status: 0, stdout: lines('/%20', '/+', '//b.html', '//c%1B%5B2J.html', '/a.html') });
  expect(run.stderr).toMatch(/^2 keys begin with a slash, which keys seldom do; the first is "\/b\.html"\.$/m);
  expect(npmRun('plan', [], lines('/\u001b[2J')).stderr).toContain('the first is "/\\u{1b}[2J".');
});

test('bytes that are no text are refused, for they would be read as another key', () => {
  const latin1 = Buffer.from('a.html\ncafé.html\n', 'latin1');
  const file = join(folder, 'latin1.txt');
  writeFileSync(file, latin1);
  const refused = (where: string) => ({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining(`${where} must be UTF-8, but line 2 is not.`),
  });
  expect(npmRun('plan', [], latin1)).toMatchObject(refused('Standard input'));
  expect(npmRun('plan', ['--objects', file], 'a')).toMatchObject(refused(`--objects ${file}`));
});

test.each([
  [[], '', 'There must be changed keys on standard input, one a line, but there are none.'],
  [['--objects', '/nowhere'], 'a', '--objects must be a file with keys, but /nowhere cannot be read'],
  [['--max-wildcards', '0'], 'a', '--max-wildcards must be a whole number from 1 on, but it is "0".'],
  [['--refetches-per-path', '0'], 'a', '--refetches-per-path must be a number above 0, but it is "0".'],
  [['--refetches-per-path', 'Infinity'], 'a', 'must be a number above 0, but it is "Infinity".'],
  [['--refetches-per-path', 'few'], 'a', '--refetches-per-path must be a number above 0, but it is "few".'],
  [['--origin-path', 'site'], 'a', '--origin-path must begin with a slash, such as "/site", but it is "site".'],
  [
    ['--viewer-prefix', '/a/'],
    'a',
    '--viewer-prefix must not end with a slash; leave it out for none, but it is "/a/".',
  ],
  [['--index-document', 'a/b'], 'a', '"index.html", or "none", but it is "a/b".'],
  [['--exclude', 'a', '--exclude', '/b'], 'a', '--exclude must be a glob of names without a slash in front'],
  [['a.html'], 'a', 'The changed keys come on standard input, but there is also "a.html".'],
  [['--paths'], 'a', '--paths'],
])('%j with %j on standard input is refused', (options, input, message) => {
  const run = npmRun('plan', options, input);
  expect(run).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
  expect(run.stderr).not.toMatch(/^\s+at /m);
});

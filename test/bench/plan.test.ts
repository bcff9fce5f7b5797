import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmRun } from './run';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('');
const posts = Array.from({ length: 12 }, (_, at) => `posts/${at}.html`);

test('changed keys in, paths out, and what they cost beside them', () => {
  const run = npmRun('plan', ['--origin-path', '/site', '--index-document', 'index.html'], lines('site/a/index.html'));
  expect(run).toMatchObject({ status: 0, stdout: lines('/a', '/a/', '/a/index.html') });
  expect(run.stderr).toMatch(/^3 paths, .* price 3\.00 paths, \$0\.015; bucket unknown$/m);
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

test.each([
  [[], '', 'There must be changed keys on standard input, one a line, but there are none.'],
  [['--objects', '/nowhere'], 'a', '--objects must be a file with keys, but /nowhere cannot be read'],
  [['--max-wildcards', '0'], 'a', '--max-wildcards must be a whole number from 1 on, but it is "0".'],
  [['--refetches-per-path', 'few'], 'a', '--refetches-per-path must be a number above 0, but it is "few".'],
  [['--origin-path', 'site'], 'a', '--origin-path must begin with a slash and not end in one, but it is "site".'],
  [['a.html'], 'a', 'The changed keys come on standard input, but there is also "a.html".'],
  [['--paths'], 'a', '--paths'],
])('%j with %j on standard input is refused', (options, input, message) => {
  const run = npmRun('plan', options, input);
  expect(run).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
  expect(run.stderr).not.toMatch(/^\s+at /m);
});

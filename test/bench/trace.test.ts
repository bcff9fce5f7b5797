import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { npmRun } from './run';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A repository whose every commit is a deploy: a page, then ten of its neighbours, then one of them goes. */
function published(name: string): string {
  const repo = join(folder, name);
  mkdirSync(join(repo, 'posts'), { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-C', repo, ...args], {
      stdio: 'ignore',
    });
  const commit = () => {
    git('add', '--all');
    git('commit', '--message', 'deploy');
  };
  git('init');
  writeFileSync(join(repo, 'index.html'), 'one');
  commit();
  for (let at = 0; at < 10; at++) writeFileSync(join(repo, `posts/${at}.html`), 'one');
  commit();
  writeFileSync(join(repo, 'index.html'), 'two');
  rmSync(join(repo, 'posts/0.html'));
  commit();
  return repo;
}

test('a repository becomes a trace, and the bench says what its deploys would pay', () => {
  const out = join(folder, 'traces/site.jsonl.gz');
  expect(npmRun('trace', [published('site'), '--out', out])).toMatchObject({
    status: 0,
    stdout: `${out}: 2 deploys, 10 objects at the end\n`,
  });
  const chart = join(folder, 'chart.svg');
  const run = npmRun('bench', ['planner', join(folder, 'traces'), '--chart', chart]);
  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(run.stdout).toContain('1 site, 2 deploys');
  // Ten new posts under one wildcard; then a page and a post, for which nine others are cheaper to fetch again than a path.
  expect(run.stdout).toMatch(/^\| this planner +\| +2 \|/m);
  expect(existsSync(chart)).toBe(true);
});

test('what cannot become a trace is refused, and nothing is written', () => {
  const repo = published('other');
  const out = join(folder, 'other.jsonl.gz');
  const refused = (...options: string[]) => npmRun('trace', [repo, ...options]);
  expect(refused('--out', folder)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`--out must be a file, but ${folder} is a folder.`),
  });
  const page = join(repo, 'index.html');
  expect(refused('--out', join(page, 'a/b.jsonl.gz'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`--out must be a file in a folder, but ${page} is a file.`),
  });
  expect(refused('--out', out, '--folder', 'nope')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      '--folder must be a folder that changes, but the newest 3 commits of HEAD have no files in "nope".',
    ),
  });
  expect(existsSync(out)).toBe(false);
  expect(npmRun('trace', [repo, '--out', out, '--folder', 'posts'])).toMatchObject({
    status: 0,
    stdout: `${out}: 2 deploys, 9 objects at the end\n`,
  });
});

test.each([
  ['trace', [], 'REPO must be the folder of a git repository, but there is none.'],
  ['trace', ['/nowhere'], 'REPO must be the folder of a git repository, but there is no folder /nowhere.'],
  ['trace', [folder], 'fails: not a git repository'],
  ['bench', [], 'What to measure must be "planner", "speed", "verify" or "load", but it is not said.'],
  ['bench', ['planner', '/nowhere'], 'DIR must be a folder with traces (*.jsonl.gz), but /nowhere cannot be read'],
  ['bench', ['load', 'no such load'], 'SCENARIO must be part of a scenario\'s name, but none has "no such load".'],
  ['bench', ['load', '--seed', 'x'], '--seed must be a whole number, but it is "x".'],
  ['bench', ['load', '--site', 'x'], '--site must be one of sections, flat, dates, small, but it is "x".'],
  ['bench', ['load', '--pollers', '3'], '--pollers must be 2 or 5, but it is "3".'],
  ['bench', ['load', '--ledger', 'no'], '--ledger must be on or off, but it is "no".'],
  ['bench', ['planner', '--every', '0'], '--every must be a whole number from 1 on, but it is "0".'],
  ['bench', ['planner', '--pollers', '2'], '--pollers must come with --as-it-arrives, but it comes alone.'],
  ['bench', ['planner', '--chart', folder], `--chart must be a file, but ${folder} is a folder.`],
  ['bench', ['planner', '--blind'], '--blind must come with --as-it-arrives, but it comes alone'],
  ['bench', ['planner', '--seed', '2'], '--seed must be left out of "planner": it is an option of "load".'],
  ['bench', ['speed', '--chart', 'a.svg'], '--chart must be left out of "speed": it is an option of "planner".'],
  ['bench', ['load', '--blind'], '--blind must be left out of "load": it is an option of "planner".'],
])('npm run %s -- %j is refused', (script, options, message) => {
  const run = npmRun(script, options);
  expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
  expect(run.stderr).not.toMatch(/^\s+at /m);
});

test.each([
  ['no JSON', gzipSync('{"initialTree":[]}\nnonsense\n'), 'line 2 must be a deploy'],
  ['no initial objects', gzipSync('{}\n'), 'line 1 must hold initialTree'],
  ['no deploys', gzipSync('{"initialTree":["a"]}\n'), 'must hold a deploy that changes something, but it holds none'],
  ['not compressed', 'nonsense', 'must be compressed by gzip'],
])('a trace that is broken, or nothing to compare, is named: %s', (_, content, message) => {
  const broken = mkdtempSync(join(folder, 'broken-'));
  const file = join(broken, 'bad.jsonl.gz');
  writeFileSync(file, content);
  const run = npmRun('bench', ['planner', broken]);
  expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining(file) });
  expect(run.stderr).toContain(message);
});

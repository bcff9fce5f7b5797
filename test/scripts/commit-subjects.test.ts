import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultsOf } from '../../scripts/commit-subjects';

const PROJECT = join(__dirname, '../..');

test.each([
  'feat: write the construct as one template',
  'fix(cli): name the bucket that is not there',
  'feat(lib)!: rename window',
  'chore(main): release 0.2.0',
  `docs: ${'a'.repeat(65)}`,
  `docs: ${'😀'.repeat(65)}`,
])('%s is taken', (subject) => expect(faultsOf(subject)).toEqual([]));

test.each([
  ['Write the construct as one template', /does not begin with a type/],
  ['feature: write', /does not begin with a type/],
  ['Feat: write', /does not begin with a type/],
  ['feat:write', /does not begin with a type/],
  ['feat(): write', /does not begin with a type/],
  ['fixup! feat: write', /does not begin with a type/],
  ['feat: ', /does not begin with a type/],
  [`docs: ${'a'.repeat(66)}`, /72 characters; 71 are the most/],
  ['fix: name the bucket.', /full stop/],
])('%s is not', (subject, fault) => expect(faultsOf(subject)).toEqual([expect.stringMatching(fault)]));

describe('the command', () => {
  let repository: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: repository,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const commit = (subject: string) => git('commit', '--allow-empty', '--message', subject);
  const examine = (...args: string[]) =>
    spawnSync(join(PROJECT, 'node_modules/.bin/tsx'), [join(PROJECT, 'scripts/commit-subjects.ts'), ...args], {
      cwd: repository,
      encoding: 'utf8',
    });

  beforeAll(() => {
    repository = mkdtempSync(join(tmpdir(), 'commits-'));
    git('init', '--initial-branch', 'main');
    commit('What was written before');
    git('tag', 'base');
    git('checkout', '-b', 'topic');
    commit('fix: one');
    git('checkout', 'main');
    commit('feat: two');
    git('merge', '--no-ff', '--message', "Merge branch 'topic'", 'topic');
    git('tag', 'good');
    commit('Three');
  });
  afterAll(() => rmSync(repository, { recursive: true }));

  test('passes over what was there before, and merges', () => {
    expect(examine('base..good')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  test('names the commit, and what is wrong with it', () => {
    const { status, stderr } = examine('base..main');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^[0-9a-f]{7,} "Three": It does not begin with a type .*\n$/);
  });

  test.each([[[]], [['main']], [['--all..']]])('of %j asks for a range', (args) => {
    const { status, stderr } = examine(...args);
    expect([status, stderr]).toEqual([2, 'usage: npm run commit-subjects -- BASE..HEAD\n']);
  });

  test('fails for a range that does not exist', () => expect(examine('nothing..main').status).toBe(1));
});

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

jest.setTimeout(120_000);

const PROJECT = join(__dirname, '../..');
const MAIN = ['--import', 'tsx', 'e2e/main.ts'];

/** Without any credentials: none in the environment, no files, no instance. */
const EMPTY = { HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', TMPDIR: process.env.TMPDIR };

function e2e(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...MAIN, ...args], {
    ...{ cwd: PROJECT, encoding: 'utf8' as const, env: { ...EMPTY, ...variables } },
  });
  return { status, stdout, stderr };
}

test.each([[[]], [['--yes']], [['--yes', '--windows']]])('without credentials it deploys nothing: %j', (args) => {
  expect(e2e(args)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'There are no AWS credentials. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Nothing is deployed.\n',
  });
});

test('a profile that does not exist is named', () => {
  const { status, stderr } = e2e([], { AWS_PROFILE: 'nosuch' });
  expect([status, stderr]).toEqual([
    2,
    'There are no credentials of the AWS profile nosuch, which AWS_PROFILE names. Nothing is deployed.\n',
  ]);
});

test.each([
  [['--max-paths', 'many'], '--max-paths must be a whole number up to 10000, but it is "many". Nothing is deployed.\n'],
  [['--max-paths=99999'], '--max-paths must be a whole number up to 10000, but it is "99999". Nothing is deployed.\n'],
  [['--window'], 'Unknown option --window. Did you mean --windows? Nothing is deployed.\n'],
])('%j is refused', (args, stderr) => {
  expect(e2e(args)).toEqual({ status: 2, stdout: '', stderr });
});

test('--help tells what it does and how it ends', () => {
  const { status, stdout } = e2e(['--help']);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/removes everything[\s\S]*--yes[\s\S]*Exit codes: 0/)]);
});

test('Ctrl+C stops it, and everything is removed', async () => {
  const child = spawn(process.execPath, [...MAIN, '--local'], { cwd: PROJECT, env: { ...process.env } });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!said.includes('Measuring') && (said + text).includes('Measuring')) child.kill('SIGINT');
    said += text;
  });
  const [code] = await once(child, 'close');
  expect([code, said]).toEqual([
    1,
    expect.stringMatching(/SIGINT: everything is removed first\.\nRemoving everything\nStopped\.\n$/),
  ]);
});

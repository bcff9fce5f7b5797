import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What the AWS CLI calls a service, and where that is on this machine. */
export type Endpoints = Readonly<Record<string, string>>;

/** The AWS CLI of this machine; none: its major version is 0. */
const { path, version, major, minor } = find();

function find() {
  const { status, stdout, stderr } = spawnSync('aws', ['--version'], { encoding: 'utf8' });
  const [, version = '', major, minor] = /aws-cli\/((\d+)\.(\d+)\S*)/.exec(`${stdout}${stderr}`) ?? [];
  if (status !== 0) return { path: '', version: '', major: 0, minor: 0 };
  const { stdout: found } = spawnSync('sh', ['-c', 'command -v aws'], { encoding: 'utf8' });
  return { path: found.trim(), version, major: Number(major ?? 0), minor: Number(minor ?? 0) };
}

/** What a test needs, and whether it is here. */
const NEEDS = {
  'the AWS CLI': major > 0,
  'the AWS CLI 2': major > 1,
  // Those speak JSON to SQS, as the local SQS does, and know message move tasks.
  'the AWS CLI 1.30 or 2.14, or a newer one': (major === 1 && minor >= 30) || (major === 2 && minor >= 14) || major > 2,
} as const satisfies Record<string, boolean>;

export type Need = keyof typeof NEEDS;

/** `test`, of what the AWS CLI does. Where that is not here, or too old, such tests are skipped. */
export function testWith(need: Need): jest.It {
  return NEEDS[need] ? test : test.skip;
}

/** Says aloud that tests are skipped, if they are: a skipped test is easily overlooked. */
export function tellOfSkipped(need: Need, tests: string): void {
  if (NEEDS[need]) return;
  const here = version === '' ? 'none is on this machine' : `${version} is on this machine`;
  process.stderr.write(`\nSKIPPED: ${tests}. That needs ${need}; ${here}.\n\n`);
}

/** Runs a shell's command, in which `aws` speaks to this machine alone, and gives what it printed. */
export type Shell = (command: string, cwd?: string) => Promise<string>;

/** @throws an Error with what was printed, from the shell, when the command fails */
export function shellWith(endpoints: Endpoints): Shell {
  const folder = mkdtempSync(join(tmpdir(), 'aws-cli-'));
  const cases = Object.entries(endpoints).map(
    ([service, url]) => `${service}) exec ${path} --endpoint-url ${url} "$@" ;;`,
  );
  // AWS_ENDPOINT_URL_SQS is nothing to version 1. Without an endpoint here, nothing leaves this machine.
  writeFileSync(
    join(folder, 'aws'),
    `#!/bin/sh\ncase "$1" in\n${cases.join('\n')}\nesac\necho "no local $1" >&2\nexit 1\n`,
  );
  chmodSync(join(folder, 'aws'), 0o755);
  const env = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
    PYTHONUTF8: '1',
  };
  return (command, cwd = folder) =>
    new Promise((resolve, reject) =>
      execFile('sh', ['-c', command], { cwd, env }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${command}\n${stdout}${stderr}`));
        else resolve(stdout);
      }),
    );
}

import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The versions that first speak JSON to SQS, as the local SQS does, by their major number. */
const OLDEST_MINOR: Readonly<Record<string, number>> = { 1: 30, 2: 14 };

/** What the AWS CLI calls a service, and where that is on this machine. */
export type Endpoints = Readonly<Record<string, string>>;

const { path, version = '', major = 0, why } = find();

function find(): { path?: string; version?: string; major?: number; why?: string } {
  const { status, stdout, stderr } = spawnSync('aws', ['--version'], { encoding: 'utf8' });
  const [, version, major = '', minor = ''] = /aws-cli\/((\d+)\.(\d+)\S*)/.exec(`${stdout}${stderr}`) ?? [];
  if (status !== 0 || version === undefined) return { why: 'there is none on this machine' };
  if (Number(minor) < (OLDEST_MINOR[major] ?? 0)) return { why: `${version} is older than 1.30 and 2.14` };
  const { stdout: found } = spawnSync('sh', ['-c', 'command -v aws'], { encoding: 'utf8' });
  return { path: found.trim(), version, major: Number(major) };
}

/** `test`, of what the AWS CLI does. Where it is absent or too old, such tests are skipped. */
export const testWithCli: jest.It = major > 0 ? test : test.skip;

/** The same, of what only its version 2 does. */
export const testWithCli2: jest.It = major > 1 ? test : test.skip;

/**
 * Says aloud that tests are skipped, if they are: a skipped test is easily overlooked.
 *
 * @param least the major version that they need
 */
export function tellOfSkipped(tests: string, least: 1 | 2 = 1): void {
  if (major >= least) return;
  const need = least === 1 ? 'the AWS CLI' : 'version 2 of the AWS CLI';
  process.stderr.write(`\nSKIPPED: ${tests}. That needs ${need}, and ${why ?? `here is ${version}`}.\n\n`);
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

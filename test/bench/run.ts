import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const PROJECT = join(__dirname, '../..');

/** `npm run`, as a user runs it. */
export function npmRun(script: string, options: readonly string[], input: string | Uint8Array = '') {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script, '--', ...options], {
    cwd: PROJECT,
    encoding: 'utf8',
    input,
  });
  return { status, stdout, stderr };
}

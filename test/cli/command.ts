import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROJECT = join(__dirname, '../..');
const NODE = join(PROJECT, 'node_modules/node/bin/node');

/** Any will do on this machine. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };

/** `cloudfront-invalidator`, from the sources. */
export async function command(args: readonly string[], input: string | Uint8Array = '') {
  const run = spawn(NODE, ['--import', 'tsx', join(PROJECT, 'cli/main.ts'), ...args], {
    env: { PATH: process.env.PATH, ...CREDENTIALS },
  });
  run.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, 'exit')]);
  return { code, stdout, stderr };
}

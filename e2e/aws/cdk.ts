import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PROJECT = join(__dirname, '../..');

/** Runs the CDK's command line. What it says goes to standard error: standard output is for the table. */
export type Cdk = (args: readonly string[], signal?: AbortSignal) => Promise<void>;

/** @param region where; the CDK looks for it in fewer places than the SDK */
export function cdkIn(region: string): Cdk {
  return async (args, signal) => {
    signal?.throwIfAborted();
    // A group of its own: Ctrl+C is for this process, which removes what is there.
    const child = spawn(process.execPath, [require.resolve('aws-cdk/bin/cdk'), ...args], {
      cwd: PROJECT,
      detached: true,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, AWS_REGION: region, CI: 'true' },
    });
    const stop = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const [code] = await once(child, 'exit');
      signal?.throwIfAborted();
      if (code !== 0) throw new Error(`cdk ${args[0]} ended with exit code ${code}.`);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  };
}

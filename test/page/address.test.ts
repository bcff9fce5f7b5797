import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'address-'));
let run: ChildProcessByStdio<null, Readable, null>;

beforeAll(() => {
  run = spawn('npm', ['run', '--silent', 'start', '--', folder], {
    cwd: join(__dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
});

afterAll(() => {
  if (run.exitCode === null && run.signalCode === null) process.kill(-Number(run.pid), 'SIGKILL');
  run.stdout.destroy();
  rmSync(folder, { recursive: true });
});

test('`npm start` prints the address of the page, which ends with it', async () => {
  const address = await addressIn(run.stdout);
  const answer = await fetch(address);
  expect(await answer.text()).toContain('<title>The local run');
  process.kill(Number(run.pid), 'SIGTERM'); // `npm` alone, as `kill` does
  await once(run, 'close'); // `npm` exits before what it started, which holds the output open
  await expect(fetch(address)).rejects.toThrow();
});

/** Goes on listening: to a closed pipe, `npm start` would end. */
function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    output.on('data', (chunk) => {
      said += chunk;
      const [, address] = /See it +(http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(said) ?? [];
      if (address) resolve(address);
    });
    output.on('end', () => reject(new Error(`No address in: ${said}`)));
  });
}

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Snapshot } from '../../local/page/snapshot';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'address-'));
let run: ChildProcessByStdio<null, Readable, null>;

afterEach(() => {
  if (run.exitCode === null && run.signalCode === null) process.kill(-Number(run.pid), 'SIGKILL');
  run.stdout.destroy();
});

afterAll(() => rmSync(folder, { recursive: true }));

test('`npm start` prints the address of the page, which ends with it', async () => {
  const address = await start(folder);
  const answer = await fetch(address);
  expect(await answer.text()).toContain('<title>The local run');
  expect(await snapshotOf(address)).toMatchObject({ folder, isSample: false, byScript: false, dryRun: false });
  await stop();
  await expect(fetch(address)).rejects.toThrow();
});

test('the page knows the sample site and a dry run, for the next step depends on them', async () => {
  const address = await start('-c', 'dryRun=true');
  const sample = join('local', 'site');
  expect(await snapshotOf(address)).toMatchObject({ folder: sample, isSample: true, byScript: false, dryRun: true });
  await stop();
});

/** @returns the address of the page */
function start(...args: string[]): Promise<string> {
  run = spawn('npm', ['run', '--silent', 'start', '--', ...args], {
    cwd: join(__dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  return addressIn(run.stdout);
}

async function stop(): Promise<void> {
  process.kill(Number(run.pid), 'SIGTERM'); // `npm` alone, as `kill` does
  await once(run, 'close'); // `npm` exits before what it started, which holds the output open
}

async function snapshotOf(address: string): Promise<Snapshot> {
  return (await (await fetch(`${address}snapshot`)).json()) as Snapshot;
}

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

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { DEFAULT_PORTS } from '../../local/cli/arguments';
import { readLogLine } from '../../local/log-line';
import { eventually } from './eventually';

jest.setTimeout(120_000);

const PROJECT = join(__dirname, '../..');

let parent: string;
const at = (name: string) => join(parent, name);
const started: ChildProcess[] = [];
const blocking: Server[] = [];

beforeAll(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'command-')));
  mkdirSync(at('here/site'), { recursive: true });
  for (const name of ['index.html', 'other.html']) writeFileSync(at(`here/site/${name}`), 'old');
});

afterAll(() => rmSync(parent, { recursive: true }));

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  for (const server of blocking.splice(0)) server.close();
});

/** `npm start` as it runs the script: in the project's folder, with options that it took for its own in the environment. */
function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, INIT_CWD: at('here'), NO_COLOR: '1', ...environment };
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts', ...args], { cwd: PROJECT, env });
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += stripVTControlCharacters(text);
    });
  }
  return { said: () => said, ended: once(child, 'exit').then(([code]) => code as number) };
}

async function block(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  blocking.push(server);
  // Something else has it already: all the better.
  await Promise.race([once(server, 'listening'), once(server, 'error')]).catch(() => {});
}

test('by script: a folder and a log relative to where the user stands, context, and no dashes', async () => {
  const { said, ended } = start(['site'], {
    npm_config_once: 'true',
    npm_config_call: 'maxBatchingWindow=1',
    npm_config_log: '../function.log',
  });
  expect([await ended, said()]).toEqual([0, expect.stringContaining('All 3 changed pages were stale at first')]);
  expect(said()).toContain('Changes are gathered for 1 s, as the template says.');
  expect(said()).toMatch(/Paid for \d paths?, where one for each URL would have been 3\./);
  // The files stay as they are, and none of them was an upload.
  expect(readFileSync(at('here/site/index.html'), 'utf8')).toBe('old');
  const lines = readFileSync(at('function.log'), 'utf8').trim().split('\n');
  expect(lines.map((line) => readLogLine(line).fields.message)).toContain('Invalidation accepted');
});

test('default ports that are taken are left to who has them', async () => {
  for (const port of Object.values(DEFAULT_PORTS)) await block(port);
  const { said } = start(['site']);
  await eventually(said, (text) => text.includes('Change a file in site;'));
  // Where to look and what to do come last, and what a first-time reader does not need is not there.
  expect(said()).toMatch(
    /\n\n {2}See it {7}http:\/\/127\.0\.0\.1:\d+\/\n {2}Next {9}Change a file in site; ctrl-C ends\.\n\n/,
  );
  expect(said().slice(0, said().indexOf('See it')).split('\n').length).toBeLessThan(15);
  expect(said()).not.toMatch(/npm run doctor|--queue-url|"pattern":/);
  const ports = Array.from(said().matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g), ([, port]) => Number(port));
  expect(ports.length).toBeGreaterThan(3);
  expect(ports.filter((port) => Object.values(DEFAULT_PORTS).includes(port))).toEqual([]);
});

test('--verbose prints commands for what runs, and what the invalidator knows of the distribution', async () => {
  const { said } = start(['--verbose']);
  await eventually(said, (text) => text.includes('Change a file in '));
  expect(said()).toMatch(
    /^ {2}export AWS_ACCESS_KEY_ID=local .*\n {2}aws --endpoint-url \S+ s3 cp FILE s3:\/\/\S+\/$/m,
  );
  for (const words of [
    'cloudfront list-invalidations',
    'npm run doctor -- ',
    'request --queue-url http',
    '/* (default)',
  ])
    expect(said()).toContain(words);
});

test('what is attached to runs without the application before it', async () => {
  const context = { bucketName: 'old-site', distributionId: 'E123EXAMPLE', maxBatchingWindow: '1' };
  const pairs = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { said, ended } = start(['--once', 'site', ...pairs]);
  expect([await ended, said()]).toEqual([0, expect.stringContaining('E123EXAMPLE')]);
  expect(said()).not.toContain('application');
});

test('by script it changes what the context watches alone', async () => {
  const { said, ended } = start(['--once', 'site', '-c', 'prefix=other', '-c', 'maxBatchingWindow=1']);
  expect([await ended, said()]).toEqual([0, expect.stringContaining('All 1 changed page were stale at first')]);
  expect(said()).toContain('/other.html');
});

test.each([
  [['-c', 'originPath=/nowhere', '--once', 'site'], 1, 'nothing to change that is served and watched'],
  [['-c', 'batchingwindow=5'], 1, 'batchingwindow'],
  [['-c', 'maxBatchingWindow=301'], 1, 'maxBatchingWindow must be a whole number of seconds from 0 to 300'],
  [['-c', 'maxBatchingWindow'], 2, '-c NAME=VALUE'],
  [['--log', 'missing/f.log'], 1, 'missing/f.log: there is no such file or folder.'],
  [['--log', 'site/f.log', 'site'], 1, 'it is in site, which is served'],
  [['missing'], 1, 'missing cannot be served: there is no such file or folder.'],
])('%j ends with what is wrong', async (args, code, words) => {
  const { said, ended } = start(args);
  expect([await ended, said()]).toEqual([code, expect.stringContaining(words)]);
  expect(said()).not.toMatch(/^ +at /m);
});

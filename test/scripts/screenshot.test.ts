import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from '../../scripts/screenshot-arguments';

jest.setTimeout(60_000);

const PROJECT = join(__dirname, '../..');

/** What is in the files that it may write, and when they were written. */
const written = () =>
  ['docs/page.png', 'docs/tour.md'].map((file) => {
    const path = join(PROJECT, file);
    return [statSync(path).mtimeMs, readFileSync(path).toString('base64')];
  });

test.each([
  ['--help', 0, /^usage: npm run screenshot /, /^$/],
  [
    '--hlep',
    2,
    /^$/,
    /^Unknown option --hlep\. Did you mean --help\? npm run screenshot -- --help lists the options\.\n$/,
  ],
])('npm run screenshot -- %s writes no file', (option, status, stdout, stderr) => {
  const before = written();
  const run = spawnSync('npm', ['run', '--silent', 'screenshot', '--', option], { cwd: PROJECT, encoding: 'utf8' });
  expect(run).toMatchObject({
    status,
    stdout: expect.stringMatching(stdout),
    stderr: expect.stringMatching(stderr),
  });
  expect(written()).toEqual(before);
});

test('--out is relative to where the user stands; without it, the picture is that of the docs', () => {
  expect(readArguments(['--out', 'a.png'], __dirname)).toEqual({ kind: 'screenshot', out: join(__dirname, 'a.png') });
  expect(readArguments([], __dirname)).toEqual({ kind: 'screenshot', out: undefined });
});

test.each([
  [['--out'], '--out needs a value'],
  [['--out', 'screenshot.test.ts/a.png'], 'screenshot.test.ts is a file.'],
  [['a.png'], 'There is "a.png", which belongs to no option.'],
])('%j is wrong, and it says why', (args, why) => {
  expect(() => readArguments(args, __dirname)).toThrow(why);
});

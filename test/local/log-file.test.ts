import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogFile } from '../../local/cli/log-file';

let parent: string;
let served: string;
const said: string[] = [];
const at = (name: string) => join(parent, name);
const open = (name: string) => openLogFile(at(name), served, (why) => said.push(why));

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'log-file-'));
  served = at('site');
  mkdirSync(join(served, 'docs'), { recursive: true });
  symlinkSync(served, at('link'));
  said.length = 0;
});

afterEach(() => rmSync(parent, { recursive: true }));

test('lines are added to what the file holds', () => {
  writeFileSync(at('f.log'), 'earlier\n');
  const log = open('f.log');
  log.add('{"message":"first"}');
  log.add('second');
  log.close();
  expect(readFileSync(at('f.log'), 'utf8')).toBe('earlier\n{"message":"first"}\nsecond\n');
});

test.each([
  ['missing/f.log', 'there is no such file or folder'],
  ['site', 'it is a folder'],
  ['file/f.log', 'a part of the path is no folder'],
])('%s is refused before anything starts', (name, reason) => {
  writeFileSync(at('file'), '');
  expect(() => open(name)).toThrow(`The log cannot be written to ${at(name)}: ${reason}.`);
});

// Who is root may write everywhere.
(process.getuid?.() === 0 ? test.skip : test)('so is one that may not be written', () => {
  writeFileSync(at('f.log'), '', { mode: 0o444 });
  expect(() => open('f.log')).toThrow(`The log cannot be written to ${at('f.log')}: permission denied.`);
});

test.each(['site/f.log', 'site/docs/f.log', 'link/f.log'])('%s would tell of itself for ever', (name) => {
  expect(() => open(name)).toThrow(/it is in .*site, which is served, and each line would be a change\.$/);
  expect(existsSync(at(name))).toBe(false);
});

test('what is left out of the site, and what only begins like it, is elsewhere', () => {
  mkdirSync(at('site-logs'));
  for (const name of ['site/.f.log', 'site-logs/f.log', '..f.log']) {
    open(name).close();
    expect(existsSync(at(name))).toBe(true);
  }
});

// Elsewhere there is no such device.
(existsSync('/dev/full') ? test : test.skip)('a line that cannot be written is said once, and stops nothing', () => {
  const log = openLogFile('/dev/full', served, (why) => said.push(why));
  log.add('first');
  log.add('second');
  log.close();
  expect(said).toEqual(['The log is no longer written to /dev/full: no space is left.']);
});

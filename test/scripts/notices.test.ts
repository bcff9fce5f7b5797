import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { COMMAND } from '../../scripts/command-bundle';
import { packagesOf, type ShippedPackage } from '../../scripts/licences';
import { notices } from '../../scripts/notices';

const PROJECT = join(__dirname, '../..');

let modules: string;
beforeAll(() => {
  modules = mkdtempSync(join(tmpdir(), 'notices-'));
});
afterAll(() => rmSync(modules, { recursive: true }));

function installed(name: string, licence: string, files: Readonly<Record<string, string>>): ShippedPackage {
  const root = join(modules, name);
  mkdirSync(root, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
  return { name, version: '1.2.3', licence, root };
}

test('each package has its licence, a shared text is there once, and a notice is passed on', () => {
  const text = notices([
    installed('b', 'MIT', { LICENSE: 'Copyright B\r\n\r\nAs is.\r\n' }),
    installed('shared', 'ISC', { 'LICENSE.md': 'As is, too.' }),
    installed('also-shared', 'ISC', { licence: 'As is, too.\n' }),
    installed('noted', 'Apache-2.0', { LICENSE: 'Terms', NOTICE: 'Made by N', 'README.md': 'Not this' }),
  ]);
  const [heading, ...sections] = text.split(`\n${'-'.repeat(80)}\n\n`);
  expect(heading).toContain('under these licences');
  expect(sections).toEqual([
    'also-shared@1.2.3 (ISC)\nshared@1.2.3 (ISC)\n\nAs is, too.\n',
    'b@1.2.3 (MIT)\n\nCopyright B\n\nAs is.\n',
    'noted@1.2.3 (Apache-2.0)\n\nTerms\n\nMade by N\n',
  ]);
});

test('a package in both bundles is named once', () => {
  const both = installed('both', 'MIT', { LICENSE: 'As is.' });
  expect(notices([both, both]).match(/both@/g)).toHaveLength(1);
});

test.each(['Apache-2.0', 'MIT-0'])('of %s the text is at hand, if a package has none', (licence) => {
  const standard = readFileSync(join(PROJECT, `scripts/licence-texts/${licence}.txt`), 'utf8');
  expect(notices([installed(`bare-${licence}`, licence, {})])).toContain(`(${licence})\n\n${standard.trim()}\n`);
});

test('without a text there are no notices, and so no package', () => {
  expect(() => notices([installed('silent', 'MIT', { 'index.js': '' })])).toThrow(
    'silent has no text of its licence, and none of MIT is at hand.',
  );
});

test('all that is in the command has a text', () => {
  const { metafile } = buildSync({
    ...COMMAND,
    write: false,
    outfile: 'main.js',
    metafile: true,
    absWorkingDir: PROJECT,
  });
  const packages = packagesOf(metafile);
  expect(packages.length).toBeGreaterThan(5);
  const text = notices(packages);
  for (const { name, version, licence } of packages) expect(text).toContain(`${name}@${version} (${licence})\n`);
});

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentTypeOf, listFolder } from '../../local/cli/site-folder';
import { viewerPaths } from '../../local/cli/viewer';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'site-folder-'));
  for (const name of ['docs/a b', '.git', '.well-known']) await mkdir(join(folder, name), { recursive: true });
  for (const name of ['index.html', 'docs/a b/é.html', '.git/config', '.DS_Store', '.well-known/security.txt']) {
    await writeFile(join(folder, name), 'four');
  }
  await symlink(join(folder, 'nowhere'), join(folder, 'dangling.html'));
  await symlink('..', join(folder, 'docs/loop'));
});

afterAll(() => rm(folder, { recursive: true }));

test('a folder is listed by key, without what is hidden; what cannot be read is named', async () => {
  expect(await listFolder(folder)).toEqual({
    files: ['.well-known/security.txt', 'docs/a b/é.html', 'index.html'].map((key) => ({
      key,
      path: join(folder, key),
      size: 4,
      version: expect.any(String),
    })),
    unreadable: [
      { path: join(folder, 'dangling.html'), reason: 'there is no such file or folder' },
      { path: join(folder, 'docs/loop'), reason: 'a link that leads back' },
    ],
  });
});

// macOS and Windows have no such names.
(process.platform === 'linux' ? test : test.skip)('a name that is not UTF-8 is left out, and said so', async () => {
  const own = await mkdtemp(join(tmpdir(), 'site-folder-'));
  await writeFile(Buffer.concat([Buffer.from(join(own, 'caf')), Buffer.from([0xe9]), Buffer.from('.html')]), 'four');
  expect(await listFolder(own)).toEqual({
    files: [],
    unreadable: [{ path: join(own, 'caf\uFFFD.html'), reason: 'its name is not UTF-8' }],
  });
  await rm(own, { recursive: true });
});

test.each([
  ['missing', 'cannot be served: there is no such file or folder.'],
  ['index.html', 'cannot be served: it is not a folder.'],
])('%s %s', async (name, message) => {
  await expect(listFolder(join(folder, name))).rejects.toThrow(message);
});

test.each([
  ['index.html', '', ['/', '/index.html']],
  ['docs/index.html', '', ['/docs/index.html']],
  ['a b.html', '', ['/a%20b.html', '/a+b.html']],
  ['c++.html', '', ['/c%2B%2B.html', '/c%2b%2b.html']],
  ['logo@2x.png', '', ['/logo@2x.png', '/logo%402x.png']],
  ['v1:2,é.deb', '', ['/v1:2,%C3%A9.deb', '/v1%3A2%2C%C3%A9.deb', '/v1%3a2%2c%C3%A9.deb']],
  ['é/ü.html', '', ['/%C3%A9/%C3%BC.html']],
  ['site/index.html', '/site', ['/', '/index.html']],
  ['index.html', '/site', []],
])('viewers ask for %s behind "%s" by %j', (key, originPath, paths) => {
  const site = { id: 'E1', bucket: 'site', originPath, defaultRootObject: 'index.html', answersFolders: false };
  expect(viewerPaths(key, site)).toEqual(paths);
});

test.each<[string, string[]]>([
  ['docs/index.html', ['/docs/index.html', '/docs/', '/docs']],
  ['a b/index.html', ['/a%20b/index.html', '/a+b/index.html', '/a%20b/', '/a+b/', '/a%20b', '/a+b']],
  ['index.html', ['/', '/index.html']],
  ['docs/my-index.html', ['/docs/my-index.html']],
])('and for %s by %j, where folders are answered', (key, paths) => {
  const site = { id: 'E1', bucket: 'site', originPath: '', defaultRootObject: 'index.html', answersFolders: true };
  expect(viewerPaths(key, site)).toEqual(paths);
});

test.each([
  ['a.HTML', 'text/html; charset=utf-8'],
  ['a.svg', 'image/svg+xml'],
  ['LICENSE', 'application/octet-stream'],
])('%s is %s', (key, contentType) => {
  expect(contentTypeOf(key)).toBe(contentType);
});

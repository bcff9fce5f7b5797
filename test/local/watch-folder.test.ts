import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { listFolder } from '../../local/cli/site-folder';
import { watchFolder } from '../../local/cli/watch-folder';

/** Longer than any two looks. */
const A_WHILE = 700;

let parent: string;
let folder: string;
let sent: string[];
let said: string[];
let stop: () => Promise<void>;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'watch-folder-'));
  folder = join(parent, 'site');
  sent = [];
  said = [];
  await build({ 'index.html': '1', 'old.html': '1', 'a/page.html': '1' });
});

afterEach(async () => {
  await stop();
  await rm(parent, { recursive: true });
});

async function build(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, body] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), body);
  }
}

async function start(): Promise<void> {
  const s3 = new S3Client({ region: 'us-east-1' });
  s3.send = (async (command: unknown) => {
    if (command instanceof PutObjectCommand) sent.push(`put ${command.input.Key} ${command.input.Body}`);
    if (command instanceof DeleteObjectCommand) sent.push(`delete ${command.input.Key}`);
  }) as typeof s3.send;
  const site = { id: 'E1', bucket: 'site', originPath: '', defaultRootObject: 'index.html' };
  const report = { say: (text: string) => void said.push(text), warn: (text: string) => void said.push(text) };
  stop = watchFolder({ s3, site }, folder, await listFolder(folder), report);
}

async function inAWhile(): Promise<string[]> {
  await delay(A_WHILE);
  return sent.splice(0).sort();
}

test('a file that is new or changed is uploaded, one that goes is deleted, the others are left alone', async () => {
  await start();
  expect(await inAWhile()).toEqual([]);
  await build({ 'index.html': '2', 'b/new.html': '2' });
  await rm(join(folder, 'old.html'));
  expect(await inAWhile()).toEqual(['delete old.html', 'put b/new.html 2', 'put index.html 2']);
  await rename(join(folder, 'b'), join(folder, 'c'));
  expect(await inAWhile()).toEqual(['delete b/new.html', 'put c/new.html 2']);
  expect(said).toEqual([]);
});

test('a folder that is removed and made anew is watched on', async () => {
  await start();
  await rm(folder, { recursive: true });
  expect(await inAWhile()).toEqual([]);
  await build({ 'index.html': '2', 'new.html': '2' });
  expect(await inAWhile()).toEqual(['delete a/page.html', 'delete old.html', 'put index.html 2', 'put new.html 2']);
  await build({ 'index.html': '3' });
  expect(await inAWhile()).toEqual(['put index.html 3']);
  expect(said).toEqual([
    `${folder} cannot be served: there is no such file or folder. It is looked for until it is back.`,
    `${folder} is back.`,
  ]);
});

test('so is one that is removed and made anew at once', async () => {
  await start();
  await rm(folder, { recursive: true });
  await build({ 'index.html': '2' });
  expect(await inAWhile()).toEqual(['delete a/page.html', 'delete old.html', 'put index.html 2']);
  await build({ 'index.html': '3' });
  expect(await inAWhile()).toEqual(['put index.html 3']);
});

test('a link that leads back is left out and said so once; other links are followed', async () => {
  const elsewhere = join(parent, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'linked.html'), '1');
  await start();
  await symlink('..', join(folder, 'a/loop'));
  await symlink(elsewhere, join(folder, 'link'));
  await symlink(join(elsewhere, 'linked.html'), join(folder, 'file.html'));
  expect(await inAWhile()).toEqual(['put file.html 1', 'put link/linked.html 1']);
  await writeFile(join(elsewhere, 'linked.html'), '22');
  expect(await inAWhile()).toEqual(['put file.html 22', 'put link/linked.html 22']);
  expect(said).toEqual([`Left out: ${join(folder, 'a/loop')}: a link that leads back.`]);
});

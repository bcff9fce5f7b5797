import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { listFolder } from '../../local/cli/site-folder';
import { watchFolder } from '../../local/cli/watch-folder';

jest.setTimeout(30_000);

let parent: string;
let folder: string;
let sent: string[];
let said: string[];
let stop: () => Promise<void>;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'watch-folder-'));
  folder = join(parent, 'site');
  sent = [];
  said = [];
  build({ 'index.html': '1', 'old.html': '1', 'a/page.html': '1' });
});

afterEach(async () => {
  await stop();
  rmSync(parent, { recursive: true });
});

/** All in one go, between two steps of the watch. */
function build(files: Readonly<Record<string, string>>): void {
  for (const [name, body] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), body);
  }
}

/** @param hold what an upload waits for before it arrives */
async function start(hold: (key: string | undefined) => Promise<void> | undefined = () => undefined): Promise<void> {
  const s3 = new S3Client({ region: 'us-east-1' });
  s3.send = (async (command: unknown) => {
    if (command instanceof PutObjectCommand) await hold(command.input.Key);
    if (command instanceof PutObjectCommand) sent.push(`put ${command.input.Key} ${command.input.Body}`);
    if (command instanceof DeleteObjectCommand) sent.push(`delete ${command.input.Key}`);
  }) as typeof s3.send;
  const site = { id: 'E1', bucket: 'site', originPath: '', defaultRootObject: 'index.html', answersFolders: false };
  const report = { say: (text: string) => void said.push(text), warn: (text: string) => void said.push(text) };
  stop = watchFolder({ s3, site }, folder, await listFolder(folder), report);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20);
}

/** What is sent from now on, until this file is, too: whatever else there is to send has been seen before it. */
async function sentBefore(marker: string): Promise<string[]> {
  build({ [marker]: 'marker' });
  await until(() => sent.includes(`put ${marker} marker`));
  return sent.splice(0).filter((each) => each !== `put ${marker} marker`);
}

/** What is sent next, so many objects of it. */
async function nextSent(count: number): Promise<string[]> {
  await until(() => sent.length >= count);
  return sent.splice(0).sort();
}

test('a file that is new or changed is uploaded, one that goes is deleted, the others are left alone', async () => {
  await start();
  expect(await sentBefore('first')).toEqual([]);
  build({ 'index.html': '2', 'b/new.html': '2' });
  rmSync(join(folder, 'old.html'));
  expect(await nextSent(3)).toEqual(['delete old.html', 'put b/new.html 2', 'put index.html 2']);
  renameSync(join(folder, 'b'), join(folder, 'c'));
  expect(await nextSent(2)).toEqual(['delete b/new.html', 'put c/new.html 2']);
  expect(await sentBefore('last')).toEqual([]);
  expect(said).toEqual([]);
});

test('a folder that is removed and made anew is watched on', async () => {
  await start();
  rmSync(folder, { recursive: true });
  await until(() => said.length > 0);
  expect(sent).toEqual([]);
  build({ 'index.html': '2', 'new.html': '2' });
  expect(await nextSent(4)).toEqual(['delete a/page.html', 'delete old.html', 'put index.html 2', 'put new.html 2']);
  build({ 'index.html': '3' });
  expect(await nextSent(1)).toEqual(['put index.html 3']);
  expect(said).toEqual([
    `${folder} cannot be served: there is no such file or folder. It is looked for until it is back.`,
    `${folder} is back.`,
  ]);
});

test('so is one that is removed and made anew at once', async () => {
  await start();
  rmSync(folder, { recursive: true });
  build({ 'index.html': '2' });
  expect(await nextSent(3)).toEqual(['delete a/page.html', 'delete old.html', 'put index.html 2']);
  build({ 'index.html': '3' });
  expect(await nextSent(1)).toEqual(['put index.html 3']);
});

test('a link that leads back is left out and said so once; other links are followed', async () => {
  const elsewhere = join(parent, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'linked.html'), '1');
  await start();
  symlinkSync('..', join(folder, 'a/loop'));
  symlinkSync(elsewhere, join(folder, 'link'));
  symlinkSync(join(elsewhere, 'linked.html'), join(folder, 'file.html'));
  expect(await nextSent(2)).toEqual(['put file.html 1', 'put link/linked.html 1']);
  writeFileSync(join(elsewhere, 'linked.html'), '22');
  expect(await nextSent(2)).toEqual(['put file.html 22', 'put link/linked.html 22']);
  await until(() => said.length > 0);
  expect(await sentBefore('last')).toEqual([]);
  expect(said).toEqual([`Left out: ${join(folder, 'a/loop')}: a link that leads back.`]);
});

test('while a great deal is uploaded, it goes on looking, and a later change is sent', async () => {
  let arrive = () => {};
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await start((key) => (key === 'slow.html' ? held : undefined));
  build({ 'slow.html': '1' });
  expect(await sentBefore('later.html')).toEqual([]);
  arrive();
  expect(await nextSent(1)).toEqual(['put slow.html 1']);
});

test('of two versions of a file the newer one arrives last', async () => {
  let arrive = () => {};
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  let isFirst = true;
  await start((key) => {
    if (key !== 'index.html' || !isFirst) return undefined;
    isFirst = false;
    return held;
  });
  build({ 'index.html': 'older' });
  await until(() => !isFirst);
  build({ 'index.html': 'newer' });
  // What is looked for after it is sent meanwhile.
  expect(await sentBefore('between')).toEqual([]);
  arrive();
  await until(() => sent.length >= 2);
  expect(sent).toEqual(['put index.html older', 'put index.html newer']);
});

test('what is missing while others are written may come again: it is deleted when all is quiet, or late', async () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  await start();
  let round = 0;
  const building = setInterval(() => {
    round += 1;
    writeFileSync(join(folder, 'busy.html'), `round ${round}`);
  }, 10);
  try {
    rmSync(join(folder, 'old.html'));
    const first = await sentBefore('first');
    const second = await sentBefore('second');
    expect([...first, ...second].filter((each) => each.startsWith('delete'))).toEqual([]);
    now.mockReturnValue(1_010_000);
    await until(() => sent.includes('delete old.html'));
    rmSync(join(folder, 'a/page.html'));
    expect((await sentBefore('third')).filter((each) => each.includes('page'))).toEqual([]);
  } finally {
    clearInterval(building);
  }
  await until(() => sent.includes('delete a/page.html'));
  now.mockRestore();
});

test('a site that is removed and built anew, a great deal of it, is sent whole, and that is said', async () => {
  const pages = Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [`deep/${at % 7}/er/${at}.html`, `page ${at}`]),
  );
  build(pages);
  await start();
  rmSync(folder, { recursive: true });
  build(pages);
  build({ 'index.html': '2' });
  const all = await nextSent(303);
  expect(all.filter((each) => each.startsWith('put'))).toHaveLength(301);
  await until(() => said.some((each) => /^Sent 30\d changed objects in [\d.]+ s\.$/.test(each)));
  build({ 'deep/3/er/3.html': 'edited' });
  expect(await nextSent(1)).toEqual(['put deep/3/er/3.html edited']);
});

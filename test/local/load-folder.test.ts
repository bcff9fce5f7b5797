import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { parseNotification } from '../../lambda/event/s3-notification';
import { loadFolder } from '../../local/cli/load-folder';
import { createReport } from '../../local/cli/report';
import { serve } from '../../local/cli/serve';
import { listFolder } from '../../local/cli/site-folder';
import { PART_SIZE } from '../../local/cli/upload';
import { type LocalEvent, type LocalStack, startLocalStack } from '../../local/local-stack';
import { eventually } from './eventually';

jest.setTimeout(60_000);

const PAGES = 2_000;
const DAY = 24 * 60 * 60 * 1_000;

let folder: string;
let stack: LocalStack;
const events: LocalEvent[] = [];
const printed: string[] = [];
const report = createReport((line) => printed.push(stripVTControlCharacters(line)));
const running = new AbortController();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'load-folder-'));
  for (let at = 0; at < PAGES; at += 1) {
    const path = join(folder, `a/b/c/d ${at % 10}`);
    await mkdir(path, { recursive: true });
    await writeFile(join(path, `${at}.html`), `page ${at}`);
  }
  await writeFile(join(folder, 'large.bin'), Buffer.alloc(PART_SIZE + 1));
  await writeFile(join(folder, 'gone.html'), 'listed, and gone before it is read');
  const listed = await listFolder(folder);
  await rm(join(folder, 'gone.html'));
  stack = await startLocalStack({
    context: { maxBatchingWindow: '0' },
    onEvent(event) {
      events.push(event);
      report.event(event);
    },
    async populate(s3, bucket, load) {
      const files = await loadFolder(s3, bucket, load, listed.files, report, running.signal);
      expect(files).toHaveLength(PAGES + 1);
    },
  });
});

afterAll(async () => {
  await stack.close();
  await rm(folder, { recursive: true });
});

async function listedObjects() {
  const objects = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await stack.s3.send(new ListObjectsV2Command({ Bucket: stack.site.bucket, ContinuationToken }));
    objects.push(...(page.Contents ?? []));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return objects;
}

test('a folder that is loaded is in the bucket, older than the stack, and no page of it is a change', async () => {
  const objects = await listedObjects();
  expect(objects).toHaveLength(PAGES + 1);
  for (const { LastModified } of objects) expect(Date.now() - Number(LastModified)).toBeGreaterThan(DAY);
  expect(await (await fetch(`${stack.edge.url}/a/b/c/d%207/7.html`)).text()).toBe('page 7');
  // A change comes to the function alone, after whatever was sent before it.
  await stack.s3.send(new PutObjectCommand({ Bucket: stack.site.bucket, Key: 'changed.html', Body: 'new' }));
  await eventually(
    () => stack.cloudFront.invalidations,
    (invalidations) => invalidations.length > 0,
  );
  expect(stack.cloudFront.invalidations.flatMap(({ paths }) => paths)).toEqual(['/changed.html']);
  const messages = events.flatMap((event) => (event.kind === 'invoked' ? event.records : []));
  const keys = messages.flatMap(({ body }) => {
    const notification = parseNotification(body);
    return notification.kind === 'changes' ? notification.changes.map(({ key }) => key) : [];
  });
  expect(keys).toEqual(['changed.html']);
  const loaded = events.flatMap((event) => (event.kind === 'loaded' ? event.keys : []));
  expect(loaded).toHaveLength(PAGES);
  // What is large is uploaded in parts, before anything watches.
  const changes = events.flatMap((event) => (event.kind === 'changed' ? [event.key] : []));
  expect(changes).toEqual(['large.bin', 'changed.html']);
});

test('it is said in a line, with what was left out', () => {
  const said = printed.filter((line) => !/Loading: /.test(line));
  expect(said.slice(0, 2)).toEqual([
    expect.stringMatching(/^Left out: .*gone\.html: there is no such file or folder\.$/),
    expect.stringMatching(/^Loaded 2,001 objects in [\d.]+ s: they were there before\.$/),
  ]);
});

test('it is served without being uploaded again, and what changes is a change', async () => {
  const listed = await listFolder(folder);
  const earlier = events.length;
  const serving = serve(stack, folder, report, () => {}, running.signal, listed);
  await writeFile(join(folder, 'a/b/c/d 7/7.html'), 'edited');
  await eventually(
    () => events.slice(earlier),
    (since) => since.some(({ kind }) => kind === 'changed'),
  );
  const changed = events.slice(earlier).flatMap((event) => (event.kind === 'changed' ? [event.key] : []));
  expect(changed).toEqual(['a/b/c/d 7/7.html']);
  running.abort();
  await serving;
});

test('who stops it while it loads waits for nothing', async () => {
  const stopping = new AbortController();
  const never = () => new Promise<never>(() => {});
  const loading = loadFolder(stack.s3, 'bucket', never, (await listFolder(folder)).files, report, stopping.signal);
  stopping.abort();
  await loading;
});

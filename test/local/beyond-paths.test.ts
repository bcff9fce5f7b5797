import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { renditionPath } from '../../local/application/renditions';
import { isImage, showBeyondPaths } from '../../local/cli/beyond-paths';
import { createReport } from '../../local/cli/report';
import { listFolder, type SiteFile } from '../../local/cli/site-folder';
import { uploadFolder } from '../../local/cli/upload-folder';
import { type LocalStack, startLocalStack } from '../../local/local-stack';
import { eventually } from './eventually';

jest.setTimeout(60_000);

const RENDITION = renditionPath('cup.svg', 320);

const printed: string[] = [];
const report = createReport((line) => printed.push(stripVTControlCharacters(line)));
let stack: LocalStack;
let image: SiteFile;

beforeAll(async () => {
  const { files } = await listFolder(join(__dirname, '../../local/site'));
  const [first] = files.filter(isImage);
  if (!first) throw new Error('The sample site has no image.');
  image = first;
  stack = await startLocalStack({
    context: { maxBatchingWindow: '1', requests: 'true' },
    application: true,
    renditions: true,
    onEvent: report.event,
    populate: async (s3, bucket) => {
      await uploadFolder(s3, bucket, [image], report, new AbortController().signal);
    },
  });
});

afterAll(() => stack?.close());

const itemsSent = () => stack.cloudFront.invalidations.flatMap(({ paths }) => paths);

async function view(path: string) {
  const response = await fetch(stack.edge.url + path);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

test('a rendition becomes fresh by its tag, and a page of the application because that asks for it', async () => {
  expect(await showBeyondPaths(stack, image, report, new AbortController().signal)).toBe(true);
  const shows = (kind: string, path: string) => printed.some((line) => line.includes(`${kind.padEnd(12)}  ${path} `));
  for (const path of ['/cup.svg', RENDITION, '/app/bookings']) {
    expect([path, shows('stale', path), shows('fresh', path)]).toEqual([path, true, true]);
  }
  expect(itemsSent().toSorted()).toEqual(['#image:cup.svg', '/app/bookings', '/cup.svg']);
  // What becomes fresh without the tag shows nothing.
  expect(itemsSent().filter((item) => item.startsWith('/renditions'))).toEqual([]);
  expect(printed.at(-1)).toMatch(/^completed {4}cup\.svg {2}\/cup\.svg {2}#image:cup\.svg {2}/m);
  expect(printed.at(-1)).toContain('verify says, by the same rules (--aliases)');
  expect(stack.logs.filter(({ fields }) => fields.message === 'Distribution disagrees')).toEqual([]);
});

test('a rendition is the image in its width, and viewers do not see its tag', async () => {
  const { status, headers, body } = await view(RENDITION);
  expect([status, headers.get('content-type'), headers.get('x-amz-meta-cache-tag')]).toEqual([
    200,
    'image/svg+xml',
    null,
  ]);
  expect(body).toMatch(/^<svg width="320" /);
});

test('a tag in a request reaches it, too', async () => {
  await view(RENDITION);
  const seen = async () => (await view(RENDITION)).headers.get('x-cache');
  expect(await seen()).toBe('Hit from cloudfront');
  const before = stack.cloudFront.invalidations.length;
  const invalidate = { distribution: stack.site.id, tags: ['IMAGE:cup.svg'] };
  await stack.sqs.send(
    new SendMessageCommand({ QueueUrl: stack.queue.url, MessageBody: JSON.stringify({ invalidate }) }),
  );
  await eventually(
    () => stack.cloudFront.invalidations.length,
    (count) => count > before,
  );
  expect(await seen()).toBe('Miss from cloudfront');
});

test.each(['/renditions/', '/renditions/0/cup.svg', '/renditions/10/cup.png', '/renditions/x/cup.svg'])(
  '%s is no rendition',
  async (path) => {
    expect((await view(path)).status).toBe(404);
  },
);

test('of what is not in the bucket there is none, nor of what is no name', async () => {
  // As the bucket answers, which may not be listed.
  expect((await view('/renditions/320/absent.svg')).status).toBe(403);
  await stack.s3.send(new PutObjectCommand({ Bucket: stack.site.bucket, Key: '%.svg', Body: '<svg />' }));
  expect((await view('/renditions/320/%25.svg')).status).toBe(200);
});

test('fails when they stay stale', async () => {
  const refused = new AbortController();
  stack.cloudFront.fault = () => {
    refused.abort();
    return { kind: 'refuse', status: 403, code: 'AccessDenied' };
  };
  expect(await showBeyondPaths(stack, image, report, refused.signal)).toBe(false);
  expect(printed).toEqual(
    expect.arrayContaining([`Still stale: ${RENDITION}`, 'Still stale: /app/bookings', 'Still stale: /cup.svg']),
  );
});

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { type ChangesQuestion, findChanges } from '../../../cli/verify/find-changes';

/** An object as S3 lists it: whole seconds, quoted ETags, form-encoded keys. */
interface Listed {
  readonly key: string;
  readonly time: string;
  readonly eTag?: string;
}

const NOW = '2026-11-23T08:00:00.000Z';
const SECOND = 1_000;
const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);

let pages: (readonly Listed[])[] = [];
const asked: URLSearchParams[] = [];

/** Lists as S3 does, by its documentation: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const server = createServer((request: IncomingMessage, response) => {
  const query = new URL(request.url ?? '', 'http://localhost').searchParams;
  asked.push(query);
  const page = Number(query.get('continuation-token') ?? 0);
  const contents = (pages[page] ?? []).map(
    ({ key, time, eTag = 'd41d8cd98f00b204e9800998ecf8427e' }) =>
      `<Contents><Key>${key}</Key><LastModified>2026-11-23T${time}.000Z</LastModified><ETag>&quot;${eTag}&quot;</ETag>` +
      '<Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>',
  );
  const isLast = page + 1 >= pages.length;
  response.setHeader('Date', new Date(NOW).toUTCString());
  response.end(
    `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>site</Name>` +
      `<EncodingType>url</EncodingType>${contents.join('')}<IsTruncated>${!isLast}</IsTruncated>` +
      `${isLast ? '' : `<NextContinuationToken>${page + 1}</NextContinuationToken>`}</ListBucketResult>`,
  );
});
let s3: S3Client;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  s3 = new S3Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forcePathStyle: true,
  });
});

afterAll(() => {
  s3.destroy();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

async function found(given: readonly (readonly Listed[])[], question: Partial<ChangesQuestion> = {}) {
  pages = [...given];
  asked.splice(0);
  const served = { prefixes: ['docs/'], pathsOf: (key: string) => [`/${key}`] };
  const { changes } = await findChanges(
    s3,
    { bucket: 'site', since: { ago: 3_600_000 }, ...question },
    served,
    () => {},
  );
  return Object.fromEntries(changes.map(({ key, time }) => [key, time]));
}

test("`--since 1h` is an hour before S3's clock, and an object may be as old as its rounded time allows", async () => {
  const listed = [
    { key: 'docs/old', time: '06:59:58' },
    { key: 'docs/at-the-edge', time: '06:59:59' },
    { key: 'docs/new', time: '07:30:00' },
  ];
  expect(await found([listed])).toEqual({
    'docs/at-the-edge': { earliest: at('06:59:58') + 1, latest: at('07:00:00') - 1 },
    'docs/new': { earliest: at('07:29:59') + 1, latest: at('07:30:01') - 1 },
  });
  expect(Object.keys(await found([listed], { since: { at: at('07:15:00') } }))).toEqual(['docs/new']);
});

test('every page is read, and keys are decoded', async () => {
  const names = await found([
    [{ key: 'docs/a+b%2Bc.html', time: '07:30:00' }],
    [{ key: 'docs/%C3%A9%0A.html', time: '07:30:00' }],
  ]);
  expect(Object.keys(names)).toEqual(['docs/a b+c.html', 'docs/é\n.html']);
  expect(asked.map((query) => [query.get('prefix'), query.get('encoding-type')])).toEqual([
    ['docs/', 'url'],
    ['docs/', 'url'],
  ]);
});

test('an upload in parts may have ended any time between its time and the answer that lists it, or what is stated', async () => {
  const listed = [{ key: 'docs/big.zip', time: '07:30:00', eTag: 'd41d8cd98f00b204e9800998ecf8427e-12' }];
  const earliest = at('07:30:00') - SECOND + 1;
  expect(await found([listed])).toEqual({ 'docs/big.zip': { earliest, latest: Date.parse(NOW) + SECOND - 1 } });
  expect(await found([listed], { changedBy: { ago: 1_200_000 } })).toEqual({
    'docs/big.zip': { earliest, latest: at('07:40:01') - 1 },
  });
  // It has not ended before it began.
  expect(await found([listed], { changedBy: { at: at('07:00:00') } })).toEqual({
    'docs/big.zip': { earliest, latest: at('07:30:01') - 1 },
  });
});

test('a key that is given and not listed as changed has changed any time since, until the first answer, or what is stated', async () => {
  const listed = [
    { key: 'docs/old', time: '06:00:00' },
    { key: 'docs/new', time: '07:30:00' },
  ];
  const keys = ['docs/gone', 'docs/old', 'docs/new'];
  const sometime = { earliest: at('07:00:00') - SECOND + 1, latest: Date.parse(NOW) + SECOND - 1 };
  const times = await found([listed], { keys, since: { at: at('07:00:00') } });
  expect(times).toMatchObject({ 'docs/gone': sometime, 'docs/old': sometime });
  expect(times['docs/new']?.latest).toBe(at('07:30:01') - 1);
  const stated = await found([listed], { keys, changedBy: { at: at('07:45:00') + 1 } });
  expect(stated['docs/gone']?.latest).toBe(at('07:45:00') + 1);
});

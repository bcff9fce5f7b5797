import { Readable } from 'node:stream';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { listWith } from '../../../lambda/bucket/list-objects';

/** The real client, before a bucket that always gives the same answer, in pieces. */
function clientAnswering(body: string, statusCode = 200): S3Client {
  const bytes = Buffer.from(body);
  const pieces = [bytes.subarray(0, 50), bytes.subarray(50)];
  return new S3Client({
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      handle: async () => ({
        response: { statusCode, headers: { 'content-type': 'application/xml' }, body: Readable.from(pieces) },
      }),
    },
  });
}

const REQUEST = { bucket: 'site', prefix: '', startAfter: '', maxKeys: 1000 };
const listed = (body: string, statusCode?: number) =>
  listWith(clientAnswering(body, statusCode))(REQUEST, new AbortController().signal);

/** What the SDK itself reads; undefined where it cannot read it. */
async function readByTheSdk(body: string) {
  try {
    return await clientAnswering(body).send(new ListObjectsV2Command({ Bucket: 'site' }));
  } catch {
    return undefined;
  }
}

const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\r\n>]/g, (character) => `&#${character.charCodeAt(0)};`);

const textArbitrary = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed() && !/[\0\uFEFF]/.test(text)),
  fc.constantFrom('<Size>1</Size>', '</Key>', '&amp;', '&lt;Size&gt;', ']]>', '<!--', ' ', '\r\n', 'a+b%2Bc', '%'),
);
const leafArbitrary = (name: string) =>
  fc.oneof(
    textArbitrary.map((text) => `<${name}>${escaped(text)}</${name}>`),
    fc.constantFrom(`<${name}/>`, `<${name}></${name}>`, `<${name} of="an &quot;attribute&quot;">1</${name}>`, ''),
  );
const keyArbitrary = fc.oneof(
  { weight: 9, arbitrary: textArbitrary.map(escaped) },
  { weight: 1, arbitrary: fc.constantFrom('<![CDATA[a<Size>1</Size>b]]>', 'a<!-- <Size>1</Size> -->b') },
);
const contentsArbitrary = fc
  .tuple(
    keyArbitrary.map((key) => `<Key>${key}</Key>`),
    fc.constantFrom('<LastModified>2020-01-01T00:00:00.000Z</LastModified>', ''),
    leafArbitrary('ETag'),
    fc.constantFrom('<Size>1024</Size>', '<Size>0</Size>', ''),
    leafArbitrary('StorageClass'),
    fc.constantFrom('<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumAlgorithm>SHA1</ChecksumAlgorithm>', ''),
    leafArbitrary('SomethingNew'),
    fc.constantFrom('<Owner><DisplayName>me</DisplayName><ID>1</ID></Owner>', '\n  '),
  )
  .chain((parts) => fc.shuffledSubarray(parts, { minLength: parts.length }))
  .map((parts) => `<Contents>${parts.join('')}</Contents>`);
const pageArbitrary = fc
  .tuple(
    fc.array(contentsArbitrary, { maxLength: 8 }),
    fc.boolean(),
    fc.constantFrom(' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"', ''),
    fc.constantFrom('<?xml version="1.0" encoding="UTF-8"?>\n', ''),
  )
  .map(
    ([contents, truncated, namespace, declaration]) =>
      `${declaration}<ListBucketResult${namespace}><Name>site</Name><IsTruncated>${truncated}</IsTruncated>` +
      `${contents.join('')}</ListBucketResult>`,
  );

test('reads of a page what the SDK reads of it', async () => {
  await fc.assert(
    fc.asyncProperty(pageArbitrary, async (body) => {
      const { Contents = [], IsTruncated } = (await readByTheSdk(body)) ?? {};
      expect(await listed(body)).toEqual({
        objects: Contents.map(({ Key, LastModified }) => ({ key: Key ?? '', lastModified: LastModified?.getTime() })),
        truncated: IsTruncated,
      });
    }),
    { numRuns: 300 },
  );
});

test('takes no part of a page for the whole', async () => {
  await fc.assert(
    fc.asyncProperty(pageArbitrary, fc.nat(), async (body, length) => {
      await expect(listed(body.slice(0, length % body.length))).rejects.toThrow();
    }),
    { numRuns: 300 },
  );
});

test('reads keys with every character that S3 encodes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (key) => {
      fc.pre(key.isWellFormed());
      const encoded = encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
      const body = `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents><Key>${encoded}</Key><Size>1</Size></Contents></ListBucketResult>`;
      expect((await listed(body)).objects).toEqual([{ key, lastModified: undefined }]);
    }),
  );
});

const ERROR = '<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>';

test.each<[string, string, number, object]>([
  ['an error', ERROR, 503, { name: 'SlowDown', message: 'Reduce your request rate.' }],
  ['an error that calls itself a success', ERROR, 200, { name: 'SlowDown' }],
  ['nothing', '', 200, { message: 'S3 did not say whether its list ends here' }],
  ['what is no XML', 'Service unavailable', 200, { message: expect.stringContaining('XML') }],
])('fails on %s', async (_, body, statusCode, error) => {
  await expect(listed(body, statusCode)).rejects.toMatchObject(error);
});

import { createServer } from 'node:http';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type LocalCloudFront, startCloudFront } from '../../local/cloudfront/server';
import { closeServer, listenOnLoopback } from '../../local/loopback';
import { batchOf, contextWith, eventBridgeBody, message, s3Body, s3Record, snsBody } from './messages';

const ORIGINS = [
  { bucket: 'site', distribution: 'E1SITE', path: '' },
  { bucket: 'docs', distribution: 'E2DOCS', path: '/public' },
];

let cloudFront: LocalCloudFront;
let handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
/** What S3 was asked for, by URL. */
const asked: URL[] = [];
const s3 = createServer(({ url = '' }, response) => {
  asked.push(new URL(url, 'http://s3'));
  response.end('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>');
});

/** The function as it is wired, in an account that has more than its origins, with a role that would let it do anything. */
beforeAll(async () => {
  cloudFront = await startCloudFront({ distributions: ['E1SITE', 'E2DOCS', 'E3OTHER'] });
  const port = await listenOnLoopback(s3, 0, 'S3');
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL_CLOUDFRONT: cloudFront.url, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` },
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    ...{
      ORIGINS: JSON.stringify(ORIGINS),
      INDEX_DOCUMENT: 'index.html',
      INSPECT_BUCKET: 'on',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    },
  });
  ({ handler } = jest.requireActual('../../lambda/index'));
});

afterAll(async () => {
  await cloudFront.close();
  await closeServer(s3);
});

/** Hands over each body twice, under two ids and with a second key, so that there is something to plan and to list for. */
async function receive(body: string) {
  const [calls, listed] = [cloudFront.calls.length, asked.length];
  const records = [body, body].map((each, at) => message(`m${at}-${calls}`, each));
  const { batchItemFailures } = await handler(batchOf(...records), contextWith());
  return {
    returned: batchItemFailures.length,
    paths: cloudFront.calls.slice(calls).map((call) => [call.distribution, ...call.paths]),
    listed: asked.slice(listed).map(({ pathname, searchParams }) => `${pathname}${searchParams.get('prefix')}`),
  };
}

const NOWHERE = { returned: 0, paths: [], listed: [] };

test.each([
  ['another bucket', s3Body('a.html', { bucket: 'other' })],
  ['another bucket by EventBridge', eventBridgeBody('a.html', 'Object Created', 'other')],
  ['another bucket by SNS', snsBody(s3Body('a.html', { bucket: 'other' }))],
  ['a bucket by its ARN', s3Body('a.html', { bucket: 'arn:aws:s3:::site' })],
  ['a bucket in other letters', s3Body('a.html', { bucket: 'SITE' })],
  ['a bucket that climbs', s3Body('a.html', { bucket: 'other/../site' })],
  ['a distribution for a bucket', s3Body('a.html', { bucket: 'E3OTHER' })],
  ...['__proto__', 'constructor', 'toString'].map((bucket) => [`the bucket ${bucket}`, s3Body('a', { bucket })]),
  ['a key outside of the origin path', s3Body('private/a.html', { bucket: 'docs' })],
  ['a key beside the origin path', s3Body('publicity.html', { bucket: 'docs' })],
  ['a key that climbs out of the origin path', s3Body('../private/a.html', { bucket: 'docs' })],
])('a message of %s is acknowledged, and touches nothing', async (_, body) => {
  expect(await receive(body)).toEqual(NOWHERE);
});

const forged = {
  ...{ distribution: 'E3OTHER', distributionId: 'E3OTHER', DistributionId: 'E3OTHER' },
  origins: [{ bucket: 'site', distribution: 'E3OTHER', path: '' }],
};

test.each([
  ['names another distribution', { ...s3Record('a.html'), ...forged }, '/a.html'],
  ['names it beside the bucket', { ...s3Record('b.html'), s3: { ...s3Record('b.html').s3, ...forged } }, '/b.html'],
  ['has a key like a call to another', s3Record('../E3OTHER/invalidation?x=#'), '/../E3OTHER/invalidation%3Fx*'],
  ['has a key like a URL', s3Record('http://127.0.0.1/E3OTHER'), '/http*'],
  [
    'has a key like the XML of a request',
    s3Record('</Path></Items><Path>/*</Path>'),
    '/%3C/Path%3E%3C/Items%3E%3CPath%3E/*%3C/Path%3E',
  ],
  ['has a key like a header', s3Record('a\r\nHost: other'), '/a%0D%0AHost*'],
])('a message that %s invalidates in its own distribution alone', async (_, record, path) => {
  const { returned, paths } = await receive(JSON.stringify({ Records: [record] }));
  expect(returned).toBe(0);
  expect(paths.map(([distribution]) => distribution)).toEqual(['E1SITE']);
  expect(paths.flat()).toContain(path);
});

test.each([
  ['site', '/site/'],
  ['docs', '/docs/public/'],
])('to inspect %s lists that bucket alone, inside of its origin path', async (bucket, within) => {
  const keys = ['a b/../x', '//x', '?prefix=', '&list-type=1#', 'a/index.html'];
  const body = JSON.stringify({ Records: keys.map((key) => s3Record(`public/${key}`, { bucket })) });
  const { paths, listed } = await receive(body);
  expect(paths.map(([distribution]) => distribution)).toEqual([bucket === 'site' ? 'E1SITE' : 'E2DOCS']);
  expect(listed.length).toBeGreaterThan(0);
  for (const each of listed) expect(each.startsWith(within)).toBe(true);
});

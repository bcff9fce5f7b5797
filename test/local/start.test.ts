import { type LocalStack, startLocalStack } from '../../local/local-stack';
import { startS3AndSqs } from '../../local/s3-sqs/start';

jest.setTimeout(60_000);

const MAY_LIST = [
  {
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action: ['s3:GetObject', 's3:ListBucket'],
    Resource: '*',
  },
];

let stack: LocalStack | undefined;
afterEach(() => stack?.close());

test('a stack attached to what exists runs, too', async () => {
  const context = { bucketName: 'old-site', distributionId: 'E123EXAMPLE', originPath: '/site' };
  stack = await startLocalStack({ context });
  expect(stack.site).toEqual({
    id: 'E123EXAMPLE',
    bucket: 'old-site',
    originPath: '/site',
    defaultRootObject: 'index.html',
    answersFolders: false,
  });
  expect(stack.cloudFront.configurations).toMatchObject({
    E123EXAMPLE: {
      DefaultRootObject: 'index.html',
      Origins: { Items: [{ DomainName: 'old-site.s3.us-east-1.amazonaws.com', OriginPath: '/site' }] },
    },
  });
  // What the bucket's policy says is not known: to list it is seldom among it.
  expect((await fetch(`${stack.edge.url}/absent`)).status).toBe(403);
  await stack.close();
  await expect(fetch(stack.edge.url)).rejects.toThrow();
  await expect(fetch(stack.awsUrl)).rejects.toThrow();
  await expect(fetch(stack.cloudFront.url)).rejects.toThrow();
});

test.each([
  ['gets objects alone, is told that an absent one is forbidden', {}, 403],
  ['may list the bucket, that it is absent', { 'Bucket/Policy': { 'PolicyDocument.Statement': MAY_LIST } }, 404],
])('a viewer, where CloudFront %s', async (_, overrides, status) => {
  stack = await startLocalStack({ overrides });
  expect((await fetch(`${stack.edge.url}/absent.html`)).status).toBe(status);
  // So is the index document of a folder that there is not.
  expect((await fetch(`${stack.edge.url}/absent/`)).status).toBe(status);
});

test('what the app refuses is said in its words', async () => {
  await expect(startLocalStack({ context: { maxBatchingWindow: '301' } })).rejects.toThrow(
    /^Context: maxBatchingWindow must be a whole number of seconds from 0 to 300/,
  );
});

test('a port in use is named', async () => {
  const { url, close } = await startS3AndSqs(0);
  const port = Number(new URL(url).port);
  await expect(startS3AndSqs(port)).rejects.toThrow(
    `The local S3 and SQS cannot listen on port ${port}: it is in use.`,
  );
  await close();
});

test('an S3 and SQS that end by themselves say so', async () => {
  const { pid = 0, ended } = await startS3AndSqs(0);
  process.kill(pid, 'SIGKILL');
  expect(await ended).toBe('The local S3 and SQS have ended by themselves: SIGKILL.');
});

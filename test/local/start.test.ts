import { type LocalStack, startLocalStack } from '../../local/local-stack';
import { startS3AndSqs } from '../../local/s3-sqs/start';

jest.setTimeout(60_000);

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
  await stack.close();
  await expect(fetch(stack.edge.url)).rejects.toThrow();
  await expect(fetch(stack.awsUrl)).rejects.toThrow();
  await expect(fetch(stack.cloudFront.url)).rejects.toThrow();
});

test('what the app refuses is said in its words', async () => {
  await expect(startLocalStack({ context: { batchingWindow: '301' } })).rejects.toThrow(
    /^Context: batchingWindow must be a whole number of seconds from 0 to 300/,
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

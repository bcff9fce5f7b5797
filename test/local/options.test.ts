import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type LocalStack, startLocalStack } from '../../local/local-stack';
import { eventually } from './eventually';

jest.setTimeout(60_000);

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012';

let stack: LocalStack | undefined;
afterEach(() => stack?.close());

test('with encrypted queues, without monitoring, what is excluded is not invalidated and all else is', async () => {
  const origin = { bucket: 'site-a', distribution: 'E1AAAAAA', path: '', exclude: ['assets/**'] };
  // Keys and globs are options of the construct alone.
  stack = await startLocalStack({
    context: { maxBatchingWindow: '1', monitoring: 'false', bucketName: 'site-a', distributionId: 'E1AAAAAA' },
    overrides: {
      'Invalidator/Queue': { KmsMasterKeyId: KEY },
      'Invalidator/DeadLetterQueue': { KmsMasterKeyId: KEY },
      'Invalidator/Function': { 'Environment.Variables.ORIGINS': JSON.stringify([origin]) },
    },
  });
  const { s3, site, cloudFront } = stack;
  for (const Key of ['assets/app.1a2b3c.js', 'a.html']) {
    await s3.send(new PutObjectCommand({ Bucket: site.bucket, Key, Body: 'new' }));
  }
  await eventually(
    () => cloudFront.invalidations,
    (invalidations) => invalidations.length > 0,
  );
  expect(cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/a.html']]);
});

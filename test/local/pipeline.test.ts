import { PutObjectCommand } from '@aws-sdk/client-s3';
import { startLocalStack } from '../../local/local-stack';
import { eventually } from './eventually';
import { testPipeline } from './pipeline';

jest.setTimeout(60_000);

const context = { maxBatchingWindow: '1', refetchesPerPath: '0.001', inspectBucket: 'false', requests: 'true' };

describe.each([
  ['notifications', context],
  ['EventBridge', { ...context, events: 'eventbridge' }],
])('by %s', (_, each) => testPipeline(() => ({ context: each }), { isCompleteSite: true }));

test.each([
  ['notifications', {}],
  [
    'EventBridge, from a bucket that exists',
    { events: 'eventbridge', bucketName: 'site-a', distributionId: 'E1AAAAAA' },
  ],
])('by %s, only what lies under the prefix is told of', async (_, context: Record<string, string>) => {
  const messages: string[] = [];
  const prefixed = await startLocalStack({
    context: { maxBatchingWindow: '1', originPath: '/site', prefix: 'site/é/', ...context },
    onEvent: (event) => event.kind === 'invoked' && messages.push(...event.records.map(({ body }) => body)),
  });
  for (const Key of ['site/other.html', 'elsewhere.html', 'site/é/a.html']) {
    await prefixed.s3.send(new PutObjectCommand({ Bucket: prefixed.site.bucket, Key, Body: 'new' }));
  }
  await eventually(
    () => prefixed.cloudFront.invalidations,
    (invalidations) => invalidations.length > 0,
  );
  await prefixed.close();
  expect(prefixed.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/%C3%A9/a.html']]);
  expect(messages.filter((body) => !body.includes('s3:TestEvent'))).toHaveLength(1);
});

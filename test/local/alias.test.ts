import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type LocalStack, startLocalStack } from '../../local/local-stack';
import { eventually } from './eventually';

jest.setTimeout(60_000);

let stack: LocalStack | undefined;
afterEach(() => stack?.close());

test('a changed image is fresh under the paths of its resized ones, too; those of others stay in the cache', async () => {
  const origin = {
    bucket: 'site-a',
    distribution: 'E1AAAAAA',
    path: '',
    aliases: [{ pattern: 'images/{name}.jpg', paths: ['/resized/{name}-*'] }],
  };
  stack = await startLocalStack({
    // Rules are an option of the construct alone; unchanged objects are so dear that none is thrown out of the cache.
    context: { maxBatchingWindow: '1', refetchesPerPath: '0.001', bucketName: 'site-a', distributionId: 'E1AAAAAA' },
    overrides: { 'Invalidator/Function': { 'Environment.Variables.ORIGINS': JSON.stringify([origin]) } },
    edge: { rewrite: (path) => path.replace(/^\/resized\/(.*)-\d+\.webp$/, '/images/$1.jpg') },
    populate: async (s3, bucket) => {
      for (const Key of ['images/a cat.jpg', 'images/dog.jpg']) {
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'old' }));
      }
    },
  });
  const { edge, s3, site, cloudFront } = stack;
  const view = async (path: string) => {
    const response = await fetch(edge.url + path);
    return `${await response.text()} ${response.headers.get('x-cache')?.split(' ')[0]}`;
  };
  const changed = ['/images/a%20cat.jpg', '/resized/a%20cat-320.webp', '/resized/a+cat-640.webp'];
  const others = ['/images/dog.jpg', '/resized/dog-320.webp'];
  for (const path of [...changed, ...others]) expect(await view(path)).toBe('old Miss');
  await s3.send(new PutObjectCommand({ Bucket: site.bucket, Key: 'images/a cat.jpg', Body: 'new' }));
  for (const path of changed)
    await eventually(
      () => view(path),
      (seen) => seen.startsWith('new'),
    );
  for (const path of others) expect(await view(path)).toBe('old Hit');
  // Two spellings of each, and nothing else that begins like them.
  expect(cloudFront.invalidations.at(-1)?.paths).toEqual(['/images/a*', '/resized/a*']);
});

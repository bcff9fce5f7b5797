import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type LocalStack, startLocalStack } from '../../local/local-stack';
import { eventually } from './eventually';

jest.setTimeout(60_000);

let stack: LocalStack | undefined;
afterEach(() => stack?.close());

test('where query strings are in the cache key, a changed page is fresh under each of them', async () => {
  const keys = ['a.html', 'docs/index.html', 'docs/other.html'];
  const put = ({ s3, site }: Pick<LocalStack, 's3'> & { site: { bucket: string } }, key: string, body: string) =>
    s3.send(new PutObjectCommand({ Bucket: site.bucket, Key: key, Body: body }));
  stack = await startLocalStack({
    // Unchanged objects are so dear that none is evicted. What was just put there would count as part of the deploy, if it were listed.
    context: { maxBatchingWindow: '1', refetchesPerPath: '0.001', queryStrings: 'true', inspectBucket: 'false' },
    populate: async (s3, bucket) => {
      for (const key of keys) await put({ s3, site: { bucket } }, key, 'old');
    },
  });
  const { edge, cloudFront } = stack;
  const view = async (path: string) => {
    const response = await fetch(edge.url + path);
    return `${await response.text()} ${response.headers.get('x-cache')?.split(' ')[0]}`;
  };
  const changed = ['/a.html', '/a.html?v=1', '/a.html?v=2', '/docs/index.html?page=2'];
  const others = ['/docs/other.html', '/docs/other.html?v=1'];
  for (const path of [...changed, ...others]) expect(await view(path)).toBe('old Miss');
  await put(stack, 'a.html', 'new');
  await put(stack, 'docs/index.html', 'new');
  for (const path of changed)
    await eventually(
      () => view(path),
      (seen) => seen.startsWith('new'),
    );
  for (const path of others) expect(await view(path)).toBe('old Hit');
  const paths = cloudFront.invalidations.flatMap((invalidation) => invalidation.paths);
  expect(paths).toEqual(expect.arrayContaining(['/a.html*', '/docs/', '/docs/?*', '/docs/index.html*']));
});

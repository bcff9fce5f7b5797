import './silent';
import CloudFront from 'aws-sdk/clients/cloudfront';
import { CACHING_DISABLED, type Configuration } from '../../../local/cloudfront/configuration';
import { type LocalCloudFront, type LocalCloudFrontOptions, startCloudFront } from '../../../local/cloudfront/server';

const opened: LocalCloudFront[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const CONFIGURATION: Configuration = {
  CallerReference: 'r',
  Comment: 'a <b> & "c"',
  Enabled: true,
  Aliases: { Quantity: 2, Items: ['example.com', 'www.example.com'] },
  DefaultRootObject: 'index.html',
  Origins: {
    Quantity: 1,
    Items: [
      {
        ...{ Id: 'bucket', DomainName: 'b.s3.us-east-1.amazonaws.com', OriginPath: '/site' },
        CustomHeaders: { Quantity: 1, Items: [{ HeaderName: 'x-from', HeaderValue: 'edge' }] },
      },
    ],
  },
  OriginGroups: { Quantity: 0 },
  DefaultCacheBehavior: {
    ...{ TargetOriginId: 'bucket', ViewerProtocolPolicy: 'allow-all', CachePolicyId: CACHING_DISABLED },
    AllowedMethods: { Quantity: 1, Items: ['GET'], CachedMethods: { Quantity: 1, Items: ['GET'] } },
  },
  CustomErrorResponses: { Quantity: 1, Items: [{ ErrorCode: 404, ErrorCachingMinTTL: 300 }] },
};

/** Distributions E1, which may be read, E2, and E9, which may not be touched; and SDK v2, which does not try again. */
async function start(
  options: Partial<LocalCloudFrontOptions> = {},
  config: CloudFront.ClientConfiguration = { maxRetries: 0 },
) {
  const cloudFront = await startCloudFront({
    configurations: { E1: CONFIGURATION },
    distributions: ['E2', { id: 'E9', access: 'denied' }],
    ...options,
  });
  opened.push(cloudFront);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudFront({ region: 'us-east-1', endpoint: cloudFront.url, credentials, ...config });
  return { cloudFront, client };
}

let references = 0;

function batchOf(
  Items: string[],
  { distribution = 'E1', reference = `reference-${++references}`, quantity = Items.length } = {},
): CloudFront.CreateInvalidationRequest {
  const InvalidationBatch = { CallerReference: reference, Paths: { Quantity: quantity, Items } };
  return { DistributionId: distribution, InvalidationBatch };
}

function refused(code: string, statusCode: number, message = expect.any(String)) {
  return expect.objectContaining({ code, statusCode, message, requestId: expect.stringMatching(/^[\w-]{36}$/) });
}

const numbered = (count: number, suffix = '') => Array.from({ length: count }, (_, index) => `/${index}${suffix}`);

describe('CreateInvalidation', () => {
  test('paths, wildcards and cache tags come back as they were sent, the caller reference too', async () => {
    const { cloudFront, client } = await start();
    const paths = ['/a&b.html', "/it's", '/caf%C3%A9', '/opening+hours', '/img/*', '/*', '#product:7', '#a<b>&"c"'];
    const request = batchOf(paths, { reference: ' x <&"\'>\r\n\té 💩 ' });
    const { Location, Invalidation } = await client.createInvalidation(request).promise();
    expect(Invalidation).toEqual({
      Id: expect.stringMatching(/^I[0-9A-Z]{13}$/),
      Status: 'InProgress',
      CreateTime: expect.any(Date),
      InvalidationBatch: request.InvalidationBatch,
    });
    expect(Location).toBe(`${cloudFront.url}/2020-05-31/distribution/E1/invalidation/${Invalidation?.Id}`);
    expect(cloudFront.invalidations).toMatchObject([{ paths, callerReference: ' x <&"\'>\r\n\té 💩 ' }]);
    const got = await client.getInvalidation({ DistributionId: 'E1', Id: Invalidation?.Id ?? '' }).promise();
    expect(got.Invalidation).toEqual(Invalidation);
  });

  test('of 3,000 paths each arrives', async () => {
    const { cloudFront, client } = await start({ quota: { kind: 'none' } });
    const paths = numbered(3000, '/a&b%20c');
    await client.createInvalidation(batchOf(paths)).promise();
    expect(cloudFront.invalidations[0]?.paths).toEqual(paths);
  });

  test('the same caller reference and paths get the earlier invalidation, in whatever order', async () => {
    const { cloudFront, client } = await start();
    const first = await client.createInvalidation(batchOf(['/a', '/b'], { reference: 'r' })).promise();
    const again = await client.createInvalidation(batchOf(['/b', '/a'], { reference: 'r' })).promise();
    expect(again.Invalidation).toEqual(first.Invalidation);
    expect(cloudFront.invalidations).toHaveLength(1);
  });

  test('the same caller reference and other paths are refused, for that distribution', async () => {
    const { client } = await start();
    await client.createInvalidation(batchOf(['/a'], { reference: 'r' })).promise();
    const conflict = /caller reference that was used for a previous invalidation batch/;
    await expect(client.createInvalidation(batchOf(['/b'], { reference: 'r' })).promise()).rejects.toEqual(
      refused('InvalidArgument', 400, expect.stringMatching(conflict)),
    );
    await client.createInvalidation(batchOf(['/b'], { reference: 'r', distribution: 'E2' })).promise();
  });

  test.each([
    ['an unknown distribution', batchOf(['/a'], { distribution: 'E0' }), 'NoSuchDistribution', 404],
    ['a forbidden distribution', batchOf(['/a'], { distribution: 'E9' }), 'AccessDenied', 403],
    ['a path with a space', batchOf(['/a', '/b c']), 'InvalidArgument', 400],
    ['a path with a tilde', batchOf(['/~']), 'InvalidArgument', 400],
    ['a path without a slash', batchOf(['index.html']), 'InvalidArgument', 400],
    ['an empty cache tag', batchOf(['#']), 'InvalidArgument', 400],
    ['no path', batchOf([]), 'InvalidArgument', 400],
    ['an empty caller reference', batchOf(['/a'], { reference: '' }), 'InvalidArgument', 400],
    ['a quantity that is not the count', batchOf(['/a'], { quantity: 2 }), 'InconsistentQuantities', 400],
    ['more items than a batch may hold', batchOf(numbered(3001)), 'BatchTooLarge', 413],
    ['more wildcards than may be in progress', batchOf(numbered(16, '*')), 'TooManyInvalidationsInProgress', 400],
  ])('%s is refused', async (_, request, code, status) => {
    const { cloudFront, client } = await start();
    await expect(client.createInvalidation(request).promise()).rejects.toEqual(refused(code, status));
    expect(cloudFront.invalidations).toEqual([]);
  });

  test('more paths than may be in progress are refused, and cache tags count as paths', async () => {
    const { client } = await start({ quota: { kind: 'in-progress', paths: 2, wildcards: 0 } });
    await client.createInvalidation(batchOf(['/a', '#tag'])).promise();
    const message = expect.stringContaining('maximum number of in-progress invalidations');
    await expect(client.createInvalidation(batchOf(['#other'])).promise()).rejects.toEqual(
      refused('TooManyInvalidationsInProgress', 400, message),
    );
  });

  test.each([
    ['no body', '', 'MissingBody'],
    ['a body that is no XML', '{"Paths": []}', 'MalformedInput'],
    ['another document', '<Other/>', 'MalformedXML'],
  ])('%s is refused', async (_, body, code) => {
    const { client } = await start();
    const request = client.createInvalidation(batchOf(['/a']));
    request.on('build', ({ httpRequest }) => void Object.assign(httpRequest, { body }));
    await expect(request.promise()).rejects.toEqual(refused(code, 400));
  });

  test.each(['ServiceUnavailable', 'Throttling'])('after %s it is tried again, and created once', async (code) => {
    const status = code === 'Throttling' ? 400 : 503;
    const { cloudFront, client } = await start(
      { fault: ({ number }) => (number === 1 ? { kind: 'refuse', status, code } : undefined) },
      { maxRetries: 1, retryDelayOptions: { base: 1 } },
    );
    await client.createInvalidation(batchOf(['/a'])).promise();
    expect(cloudFront.calls.map(({ outcome }) => outcome.kind)).toEqual(['refused', 'created']);
  });
});

describe('ListInvalidations', () => {
  test('goes page by page, newest first', async () => {
    const { client } = await start({ completesAfter: 0 });
    const ids: (string | undefined)[] = [];
    for (const path of numbered(5)) {
      ids.unshift((await client.createInvalidation(batchOf([path])).promise()).Invalidation?.Id);
    }
    await client.createInvalidation(batchOf(['/other'], { distribution: 'E2' })).promise();
    const pages: CloudFront.InvalidationList[] = [];
    let Marker: string | undefined;
    do {
      const request = { DistributionId: 'E1', MaxItems: '2', Marker };
      const { InvalidationList } = await client.listInvalidations(request).promise();
      if (!InvalidationList) throw new Error('There is no list.');
      pages.push(InvalidationList);
      Marker = InvalidationList.NextMarker;
    } while (Marker);
    expect(pages.map(({ Quantity, IsTruncated, MaxItems }) => [Quantity, IsTruncated, MaxItems])).toEqual([
      [2, true, 2],
      [2, true, 2],
      [1, false, 2],
    ]);
    const items = pages.flatMap(({ Items = [] }) => Items);
    expect(items.map(({ Id }) => Id)).toEqual(ids);
    expect(items.map(({ Status }) => Status)).toEqual(Array(5).fill('Completed'));
    expect(items[0]?.CreateTime).toBeInstanceOf(Date);
  });

  test('of none is a list of none', async () => {
    const { client, cloudFront } = await start();
    const { InvalidationList } = await client.listInvalidations({ DistributionId: 'E1' }).promise();
    expect(InvalidationList).toEqual({ Marker: '', MaxItems: 100, IsTruncated: false, Quantity: 0, Items: [] });
    // The items are SDK v2's. An empty list of CloudFront's has none.
    const answer = await fetch(`${cloudFront.url}/2020-05-31/distribution/E1/invalidation`);
    expect(await answer.text()).not.toContain('<Items');
  });

  test.each([
    [{ DistributionId: 'E1', MaxItems: '101' }, 'InvalidArgument', 400],
    [{ DistributionId: 'E1', Marker: 'INONE' }, 'InvalidArgument', 400],
    [{ DistributionId: 'E0' }, 'NoSuchDistribution', 404],
    [{ DistributionId: 'E9' }, 'AccessDenied', 403],
  ])('of %j is refused', async (request, code, status) => {
    const { client } = await start();
    await expect(client.listInvalidations(request).promise()).rejects.toEqual(refused(code, status));
  });
});

describe('GetInvalidation', () => {
  test.each([
    ['E1', 'NoSuchInvalidation', 404],
    ['E0', 'NoSuchDistribution', 404],
    ['E9', 'AccessDenied', 403],
  ])('of one that is not there, of %s, is refused', async (DistributionId, code, status) => {
    const { client } = await start();
    await expect(client.getInvalidation({ DistributionId, Id: 'INONE' }).promise()).rejects.toEqual(
      refused(code, status),
    );
  });

  test('is what the waiter invalidationCompleted waits by', async () => {
    let ms = Date.UTC(2026, 0, 1);
    // Time goes on with each look at the clock.
    const { client } = await start({ completesAfter: 2_000, now: () => (ms += 500) });
    const { Invalidation } = await client.createInvalidation(batchOf(['/*'])).promise();
    expect(Invalidation?.Status).toBe('InProgress');
    const waited = { DistributionId: 'E1', Id: Invalidation?.Id ?? '', $waiter: { delay: 0, maxAttempts: 10 } };
    const completed = await client.waitFor('invalidationCompleted', waited).promise();
    expect(completed.Invalidation).toMatchObject({ Id: Invalidation?.Id, Status: 'Completed' });
    const unknown = { ...waited, Id: 'INONE' };
    await expect(client.waitFor('invalidationCompleted', unknown).promise()).rejects.toMatchObject({
      originalError: expect.objectContaining({ code: 'NoSuchInvalidation' }),
    });
  });
});

describe('a configuration', () => {
  /** SDK v2 gives every list its items, also the empty ones. */
  const read = { ...CONFIGURATION, OriginGroups: { Quantity: 0, Items: [] } };

  test('is read as it was given, by GetDistribution and GetDistributionConfig', async () => {
    const { client } = await start();
    await client.createInvalidation(batchOf(['/a'])).promise();
    const whole = await client.getDistribution({ Id: 'E1' }).promise();
    expect(whole.Distribution).toMatchObject({
      ...{ Id: 'E1', Status: 'Deployed', DomainName: 'e1.cloudfront.net', InProgressInvalidationBatches: 1 },
      ARN: expect.stringMatching(/^arn:aws:cloudfront::\d{12}:distribution\/E1$/),
      LastModifiedTime: expect.any(Date),
      DistributionConfig: read,
    });
    const config = await client.getDistributionConfig({ Id: 'E1' }).promise();
    expect(config.DistributionConfig).toMatchObject(read);
    expect(config.ETag).toBe(whole.ETag);
    expect(config.ETag).toMatch(/^E[0-9A-F]{13}$/);
  });

  test('of a cache policy, a managed one too, is read by GetCachePolicy and GetCachePolicyConfig', async () => {
    const { client } = await start();
    const { CachePolicy } = await client.getCachePolicy({ Id: CACHING_DISABLED }).promise();
    const { CachePolicyConfig } = await client.getCachePolicyConfig({ Id: CACHING_DISABLED }).promise();
    expect(CachePolicyConfig).toMatchObject({ Name: 'Managed-CachingDisabled', MinTTL: 0, MaxTTL: 0 });
    expect(CachePolicy).toEqual({ Id: CACHING_DISABLED, LastModifiedTime: expect.any(Date), CachePolicyConfig });
  });

  test('that is not there, or may not be read, is refused', async () => {
    const { client } = await start();
    const distribution = (Id: string) => client.getDistribution({ Id }).promise();
    const config = (Id: string) => client.getDistributionConfig({ Id }).promise();
    await expect(distribution('E0')).rejects.toEqual(refused('NoSuchDistribution', 404));
    await expect(config('E0')).rejects.toEqual(refused('NoSuchDistribution', 404));
    await expect(distribution('E9')).rejects.toEqual(refused('AccessDenied', 403));
    await expect(config('E2')).rejects.toEqual(refused('AccessDenied', 403));
    const policy = client.getCachePolicy({ Id: 'none' }).promise();
    await expect(policy).rejects.toEqual(refused('NoSuchCachePolicy', 404));
    const policyConfig = client.getCachePolicyConfig({ Id: 'none' }).promise();
    await expect(policyConfig).rejects.toEqual(refused('NoSuchCachePolicy', 404));
  });
});

test('an operation that is not there is refused', async () => {
  const { client } = await start();
  await expect(client.listDistributions().promise()).rejects.toEqual(refused('NoSuchResource', 404));
});

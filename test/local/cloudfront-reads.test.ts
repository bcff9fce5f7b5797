import {
  CloudFrontClient,
  CreateInvalidationCommand,
  type DefaultCacheBehavior,
  type DistributionConfig,
  GetCachePolicyCommand,
  GetCachePolicyConfigCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
} from '@aws-sdk/client-cloudfront';
import { MANAGED_CACHE_POLICIES } from '../../lambda/contract/cache-policies';
import type { CachePolicies, Configuration } from '../../local/cloudfront/configuration';
import { type LocalCloudFrontOptions, startCloudFront } from '../../local/cloudfront/server';

const opened: { close?: () => unknown; destroy?: () => unknown }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await (one.destroy ?? one.close)?.call(one);
});

function list<T>(...Items: T[]) {
  return { Quantity: Items.length, Items };
}

const BEHAVIOR: DefaultCacheBehavior = {
  TargetOriginId: 'group',
  ViewerProtocolPolicy: 'redirect-to-https',
  TrustedSigners: { Enabled: true, ...list('self') },
  TrustedKeyGroups: { Enabled: true, ...list('key-group') },
  AllowedMethods: { ...list('GET', 'HEAD', 'OPTIONS'), CachedMethods: list('GET', 'HEAD') },
  Compress: true,
  FunctionAssociations: list({ EventType: 'viewer-request', FunctionARN: 'arn:aws:cloudfront::1:function/f' }),
  LambdaFunctionAssociations: list({ EventType: 'origin-request', LambdaFunctionARN: 'arn:l:1', IncludeBody: false }),
};

/** One of every list that a distribution's configuration may hold, as the API has them. */
const CONFIG: DistributionConfig = {
  CallerReference: 'r',
  Comment: 'a <b> & "c"\n',
  Aliases: list('www.example.com', 'example.com'),
  DefaultRootObject: 'index.html',
  Enabled: true,
  Staging: false,
  ConnectionMode: 'direct',
  CacheTagConfig: { HeaderName: 'x-amz-meta-cache-tag' },
  Origins: list(
    {
      Id: 'a',
      DomainName: 'a.s3.us-east-1.amazonaws.com',
      OriginPath: '/site',
      S3OriginConfig: { OriginAccessIdentity: '' },
    },
    {
      ...{ Id: 'b', DomainName: 'app.example.com', OriginPath: '' },
      CustomHeaders: list({ HeaderName: 'x-from', HeaderValue: 'edge' }),
      CustomOriginConfig: {
        ...{ HTTPPort: 8080, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' },
        OriginSslProtocols: list('TLSv1.2'),
      },
    },
  ),
  OriginGroups: list({
    Id: 'group',
    FailoverCriteria: { StatusCodes: list(403, 404) },
    Members: list({ OriginId: 'a' }, { OriginId: 'b' }),
  }),
  DefaultCacheBehavior: { ...BEHAVIOR, CachePolicyId: 'policy' },
  CacheBehaviors: list(
    {
      ...{ ...BEHAVIOR, PathPattern: '/images/*', MinTTL: 0, DefaultTTL: 60, MaxTTL: 600 },
      ForwardedValues: {
        QueryString: true,
        QueryStringCacheKeys: list('v', 'w'),
        Headers: list('Accept'),
        Cookies: { Forward: 'whitelist', WhitelistedNames: list('session') },
      },
    },
    { ...BEHAVIOR, PathPattern: '*.jpg', CachePolicyId: 'policy' },
  ),
  CustomErrorResponses: list(
    { ErrorCode: 404, ResponsePagePath: '/404.html', ResponseCode: '404', ErrorCachingMinTTL: 300 },
    { ErrorCode: 500, ErrorCachingMinTTL: 0 },
  ),
  Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', ...list('DE', 'FR') } },
  TenantConfig: { ParameterDefinitions: [{ Name: 'name', Definition: { StringSchema: { Required: true } } }] },
};

const POLICIES: CachePolicies = {
  policy: {
    ...{ Name: 'Ours', Comment: '', MinTTL: 1, DefaultTTL: 60, MaxTTL: 600 },
    ParametersInCacheKeyAndForwardedToOrigin: {
      ...{ EnableAcceptEncodingGzip: true, EnableAcceptEncodingBrotli: false },
      HeadersConfig: { HeaderBehavior: 'whitelist', Headers: list('Accept') },
      CookiesConfig: { CookieBehavior: 'whitelist', Cookies: list('session') },
      QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: list('v', 'w') },
    },
  },
};

async function start(options: LocalCloudFrontOptions = {}) {
  const configurations: Record<string, Configuration> = { E1: CONFIG };
  const cloudFront = await startCloudFront({ configurations, cachePolicies: { ...POLICIES }, ...options });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudFrontClient({
    ...{ region: 'us-east-1', endpoint: cloudFront.url, credentials, maxAttempts: 1 },
    requestHandler: { requestTimeout: 300, throwOnRequestTimeout: true },
  });
  opened.push(client, cloudFront);
  return {
    cloudFront,
    client,
    getConfig: (Id = 'E1') => client.send(new GetDistributionConfigCommand({ Id })),
    getPolicy: (Id: string) => client.send(new GetCachePolicyConfigCommand({ Id })),
  };
}

function refused(name: string, httpStatusCode: number) {
  return { name, $metadata: { httpStatusCode, attempts: 1 } };
}

const read = (operation: string, id: string, number: number, outcome: object) => ({ operation, id, number, outcome });

test('GetDistributionConfig answers with the whole configuration', async () => {
  const { getConfig } = await start();
  const { DistributionConfig, ETag } = await getConfig();
  expect(DistributionConfig).toEqual(CONFIG);
  expect(ETag).toMatch(/^E[0-9A-Z]{13}$/);
});

test('GetDistribution answers with it, and with what is around it', async () => {
  const now = () => Date.UTC(2026, 0, 1);
  const { client } = await start({ now, distributions: ['E2'] });
  const InvalidationBatch = { CallerReference: 'r', Paths: list('/a') };
  for (const DistributionId of ['E1', 'E2'])
    await client.send(new CreateInvalidationCommand({ DistributionId, InvalidationBatch }));
  const { Distribution, ETag } = await client.send(new GetDistributionCommand({ Id: 'E1' }));
  expect(Distribution).toEqual({
    Id: 'E1',
    ARN: 'arn:aws:cloudfront::000000000000:distribution/E1',
    Status: 'Deployed',
    LastModifiedTime: new Date('2026-01-01T00:00:00Z'),
    InProgressInvalidationBatches: 1,
    DomainName: 'e1.cloudfront.net',
    ActiveTrustedSigners: { Enabled: false, Quantity: 0 },
    ActiveTrustedKeyGroups: { Enabled: false, Quantity: 0 },
    DistributionConfig: CONFIG,
  });
  expect(ETag).toMatch(/^E/);
});

test('GetCachePolicyConfig and GetCachePolicy answer with a policy', async () => {
  const { client, getPolicy } = await start();
  const { CachePolicyConfig, ETag } = await getPolicy('policy');
  expect(CachePolicyConfig).toEqual(POLICIES.policy);
  const { CachePolicy, ETag: same } = await client.send(new GetCachePolicyCommand({ Id: 'policy' }));
  expect(CachePolicy).toMatchObject({ Id: 'policy', CachePolicyConfig: POLICIES.policy });
  expect(ETag).toMatch(/^E/);
  expect(same).toBe(ETag);
});

test.each(Object.entries(MANAGED_CACHE_POLICIES))(
  'the managed policy %s',
  async (id, { name, caches, queryStrings }) => {
    const { getPolicy } = await start();
    const { CachePolicyConfig } = await getPolicy(id);
    expect(CachePolicyConfig?.Name).toBe(`Managed-${name}`);
    expect(CachePolicyConfig?.MaxTTL === 0).toBe(!caches);
    const { QueryStringsConfig } = CachePolicyConfig?.ParametersInCacheKeyAndForwardedToOrigin ?? {};
    expect(QueryStringsConfig?.QueryStringBehavior !== 'none').toBe(queryStrings);
  },
);

test('what changes while it runs is read, with another ETag', async () => {
  const { cloudFront, getConfig, getPolicy } = await start();
  const before = await getConfig();
  cloudFront.configurations.E1 = { ...CONFIG, DefaultRootObject: 'home.html' };
  const after = await getConfig();
  expect(after.DistributionConfig?.DefaultRootObject).toBe('home.html');
  expect(after.ETag).not.toBe(before.ETag);
  cloudFront.configurations.E2 = { DefaultRootObject: 'two.html' };
  expect((await getConfig('E2')).DistributionConfig).toEqual({ DefaultRootObject: 'two.html' });
  delete cloudFront.cachePolicies.policy;
  await expect(getPolicy('policy')).rejects.toMatchObject(refused('NoSuchCachePolicy', 404));
});

test('what does not exist, or may not be read, is refused', async () => {
  const distributions = ['E7', { id: 'E9', access: 'denied' as const }];
  const { cloudFront, getConfig, getPolicy } = await start({ distributions });
  cloudFront.configurations.E9 = CONFIG;
  await expect(getConfig('E0')).rejects.toMatchObject(refused('NoSuchDistribution', 404));
  await expect(getConfig('E7')).rejects.toMatchObject(refused('AccessDenied', 403));
  await expect(getConfig('E9')).rejects.toMatchObject(refused('AccessDenied', 403));
  await expect(getConfig('constructor')).rejects.toMatchObject(refused('NoSuchDistribution', 404));
  await expect(getPolicy('none')).rejects.toMatchObject(refused('NoSuchCachePolicy', 404));
  await expect(getPolicy('constructor')).rejects.toMatchObject(refused('NoSuchCachePolicy', 404));
});

test.each(['2017-03-25', '2020-05-31', '2031-01-01'])('speaks version %s', async (version) => {
  const { cloudFront } = await start();
  const answer = await fetch(`${cloudFront.url}/${version}/distribution/E1/config`);
  expect(await answer.text()).toContain(
    `<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/${version}/"><CallerReference>r</CallerReference>`,
  );
  expect((await fetch(`${cloudFront.url}/${version}/distribution/E1/config`, { method: 'PUT' })).status).toBe(404);
});

test('a distribution that serves its tenants alone is read, and takes no invalidation', async () => {
  const configurations = { E1: { ...CONFIG, ConnectionMode: 'tenant-only' as const } };
  const { cloudFront, client, getConfig } = await start({ configurations });
  expect((await getConfig()).DistributionConfig?.ConnectionMode).toBe('tenant-only');
  const InvalidationBatch = { CallerReference: 'r', Paths: list('/a') };
  const creation = client.send(new CreateInvalidationCommand({ DistributionId: 'E1', InvalidationBatch }));
  await expect(creation).rejects.toMatchObject(refused('NoSuchDistribution', 404));
  expect(cloudFront.invalidations).toEqual([]);
});

test('each read is recorded, with what became of it', async () => {
  const { cloudFront, client, getConfig, getPolicy } = await start();
  await getConfig();
  await client.send(new GetDistributionCommand({ Id: 'E1' }));
  await getPolicy('policy');
  await getConfig('E0').catch(() => {});
  expect(cloudFront.reads).toMatchObject([
    read('GetDistributionConfig', 'E1', 1, { kind: 'answered' }),
    read('GetDistribution', 'E1', 2, { kind: 'answered' }),
    read('GetCachePolicyConfig', 'policy', 3, { kind: 'answered' }),
    read('GetDistributionConfig', 'E0', 4, { kind: 'refused', error: { code: 'NoSuchDistribution' } }),
  ]);
  expect(cloudFront.calls).toEqual([]);
});

describe('injected faults', () => {
  test('a refusal, of the read that it is meant for, and none of an invalidation', async () => {
    const { cloudFront, client, getConfig, getPolicy } = await start();
    cloudFront.readFault = ({ operation }) =>
      operation === 'GetDistributionConfig' ? { kind: 'refuse', status: 400, code: 'Throttling' } : undefined;
    await expect(getConfig()).rejects.toMatchObject(refused('Throttling', 400));
    await getPolicy('policy');
    const InvalidationBatch = { CallerReference: 'r', Paths: list('/a') };
    await client.send(new CreateInvalidationCommand({ DistributionId: 'E1', InvalidationBatch }));
    expect(cloudFront.reads).toMatchObject([
      { fault: { kind: 'refuse' }, outcome: { kind: 'refused', error: { code: 'Throttling' } } },
      { outcome: { kind: 'answered' } },
    ]);
    cloudFront.readFault = undefined;
    await getConfig();
  });

  test('no answer at all', async () => {
    const { cloudFront, getConfig } = await start({ readFault: () => ({ kind: 'hang' }) });
    await expect(getConfig()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(cloudFront.reads).toMatchObject([{ outcome: { kind: 'hung' } }]);
  });

  test('a lost answer', async () => {
    const { cloudFront, getConfig } = await start({ readFault: () => ({ kind: 'lose-answer' }) });
    await expect(getConfig()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(cloudFront.reads).toMatchObject([{ fault: { kind: 'lose-answer' }, outcome: { kind: 'answered' } }]);
  });

  test('a late answer', async () => {
    const { cloudFront, getConfig } = await start({ readFault: () => ({ kind: 'delay-answer', ms: 50 }) });
    const answer = getConfig().then(() => 'answered');
    while (cloudFront.reads.length === 0) await new Promise(setImmediate);
    expect(await Promise.race([answer, 'not yet'])).toBe('not yet');
    expect(await answer).toBe('answered');
  });

  test.each(['truncated-xml', 'not-xml', 'other-xml', 'other-resource', 'empty'] as const)('%s', async (as) => {
    const { getConfig } = await start({ readFault: () => ({ kind: 'garble-answer', as }) });
    const answer = await getConfig().catch(() => undefined);
    expect(answer?.DistributionConfig?.DefaultCacheBehavior).toBeUndefined();
  });
});

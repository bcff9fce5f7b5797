import { CloudFrontClient, GetDistributionConfigCommand } from '@aws-sdk/client-cloudfront';
import {
  App,
  aws_cloudfront as cloudfront,
  Duration,
  aws_cloudfront_origins as origins,
  Stack,
  aws_s3 as s3,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { startCloudFront } from '../../local/cloudfront/server';
import { distributionsOf, indexDocumentOf, siteOf } from '../../local/template/site';
import { readStack } from '../../local/template/stack-model';

// CDK's validation of templates takes most of the time of a synthesis; test/bin has it.
process.env.CDK_VALIDATION = 'false';

/** What the local run makes of a stack. */
function modelOf(make: (stack: Stack) => Construct) {
  const stack = new Stack(new App(), 'Stack');
  make(stack);
  return readStack(Template.fromStack(stack).toJSON() as Parameters<typeof readStack>[0], 'Stack', 'http://sqs');
}

function list<T>(...Items: T[]) {
  return { Quantity: Items.length, Items };
}

const NONE = { Quantity: 0 };

/** All of CDK's that the API has in another form. */
const everything = (stack: Stack) => {
  const bucket = new s3.Bucket(stack, 'Site', { bucketName: 'site' });
  const other = new s3.Bucket(stack, 'Other', { bucketName: 'other', websiteIndexDocument: 'index.html' });
  const app = new origins.HttpOrigin('app.example.com', { httpPort: 8080, customHeaders: { 'x-from': 'edge' } });
  const byVersion = new cloudfront.CachePolicy(stack, 'Policy', {
    queryStringBehavior: cloudfront.CacheQueryStringBehavior.allowList('v', 'w'),
    headerBehavior: cloudfront.CacheHeaderBehavior.allowList('Accept'),
    defaultTtl: Duration.minutes(1),
    maxTtl: Duration.minutes(10),
  });
  const code = 'function handler(event) { return event.request; }';
  const folders = new cloudfront.Function(stack, 'Folders', { code: cloudfront.FunctionCode.fromInline(code) });
  return new cloudfront.Distribution(stack, 'Distribution', {
    domainNames: ['www.example.com'],
    defaultRootObject: 'index.html',
    comment: 'All of it',
    defaultBehavior: {
      origin: new origins.OriginGroup({
        primaryOrigin: origins.S3BucketOrigin.withOriginAccessControl(bucket, { originPath: '/site' }),
        fallbackOrigin: app,
        fallbackStatusCodes: [403, 404],
      }),
      functionAssociations: [{ function: folders, eventType: cloudfront.FunctionEventType.VIEWER_REQUEST }],
      cachePolicy: byVersion,
    },
    additionalBehaviors: {
      '/images/*': { origin: new origins.S3StaticWebsiteOrigin(other) },
      '*.php': {
        origin: app,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
      },
    },
    errorResponses: [
      { httpStatus: 404, responsePagePath: '/404.html', responseHttpStatus: 200, ttl: Duration.minutes(5) },
      { httpStatus: 500, ttl: Duration.seconds(0) },
    ],
    geoRestriction: cloudfront.GeoRestriction.allowlist('DE'),
  });
};

describe('the configuration of a distribution of the template', () => {
  const model = modelOf((stack) => {
    const distribution = everything(stack);
    const config = distribution.node.defaultChild as cloudfront.CfnDistribution;
    config.addPropertyOverride('DistributionConfig.CacheTagConfig', { HeaderName: 'x-amz-meta-cache-tag' });
    config.addPropertyOverride('DistributionConfig.Staging', true);
    config.addPropertyOverride('DistributionConfig.ConnectionMode', 'direct');
    config.addPropertyOverride('DistributionConfig.CacheBehaviors.2', {
      ...{ PathPattern: '/old/*', TargetOriginId: 'x', ViewerProtocolPolicy: 'allow-all', MinTTL: 0, MaxTTL: 0 },
      ForwardedValues: {
        QueryString: true,
        QueryStringCacheKeys: ['v'],
        Headers: ['*'],
        Cookies: { Forward: 'whitelist', WhitelistedNames: ['session'] },
      },
      TrustedSigners: ['self'],
    });
    return distribution;
  });
  const [distribution] = distributionsOf(model);
  const config = distribution?.configuration ?? {};

  test('has its own values', () => {
    expect(config).toMatchObject({
      Aliases: list('www.example.com'),
      DefaultRootObject: 'index.html',
      Comment: 'All of it',
      Enabled: true,
      Staging: true,
      ConnectionMode: 'direct',
      CacheTagConfig: { HeaderName: 'x-amz-meta-cache-tag' },
      IsIPV6Enabled: true,
      HttpVersion: 'http2',
      Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', ...list('DE') } },
      CustomErrorResponses: list(
        { ErrorCode: 404, ResponsePagePath: '/404.html', ResponseCode: '200', ErrorCachingMinTTL: 300 },
        { ErrorCode: 500, ResponsePagePath: '', ResponseCode: '', ErrorCachingMinTTL: 0 },
      ),
    });
    expect(config).not.toHaveProperty('IPV6Enabled');
  });

  test('has its origins: buckets, websites, servers', () => {
    expect(config.Origins?.Items).toMatchObject([
      {
        DomainName: 'site.s3.us-east-1.amazonaws.com',
        OriginPath: '/site',
        S3OriginConfig: { OriginAccessIdentity: '' },
        CustomHeaders: NONE,
      },
      {
        DomainName: 'app.example.com',
        OriginPath: '',
        CustomHeaders: list({ HeaderName: 'x-from', HeaderValue: 'edge' }),
        CustomOriginConfig: { HTTPPort: 8080, HTTPSPort: 443, OriginSslProtocols: list('TLSv1.2') },
      },
      { DomainName: 'other.s3-website-us-east-1.amazonaws.com', CustomOriginConfig: { HTTPPort: 80 } },
    ]);
    const [first, second] = config.Origins?.Items ?? [];
    expect(config.OriginGroups).toMatchObject(
      list({
        FailoverCriteria: { StatusCodes: list(403, 404) },
        Members: list({ OriginId: first?.Id }, { OriginId: second?.Id }),
      }),
    );
    expect(config.DefaultCacheBehavior?.TargetOriginId).toBe(config.OriginGroups?.Items?.[0]?.Id);
  });

  test('has its behaviors in their order, each with its lists counted', () => {
    const [policy = ''] = Object.keys(model.cachePolicies);
    const [folders] = Object.keys(model.edgeFunctions);
    expect(config.DefaultCacheBehavior).toMatchObject({
      CachePolicyId: policy,
      Compress: true,
      AllowedMethods: { ...list('HEAD', 'GET'), CachedMethods: list('HEAD', 'GET') },
      FunctionAssociations: list({ EventType: 'viewer-request', FunctionARN: folders }),
      LambdaFunctionAssociations: NONE,
      TrustedSigners: { Enabled: false, ...NONE },
    });
    expect(config.CacheBehaviors).toMatchObject({
      Quantity: 3,
      Items: [
        { PathPattern: '/images/*', FunctionAssociations: NONE },
        {
          PathPattern: '*.php',
          CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          AllowedMethods: list('GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'),
        },
        {
          PathPattern: '/old/*',
          TrustedSigners: { Enabled: true, ...list('self') },
          MaxTTL: 0,
          ForwardedValues: {
            QueryString: true,
            QueryStringCacheKeys: list('v'),
            Headers: list('*'),
            Cookies: { Forward: 'whitelist', WhitelistedNames: list('session') },
          },
        },
      ],
    });
  });

  test('and its cache policies and functions', () => {
    expect(Object.values(model.cachePolicies)).toMatchObject([
      {
        MaxTTL: 600,
        ParametersInCacheKeyAndForwardedToOrigin: {
          HeadersConfig: { HeaderBehavior: 'whitelist', Headers: list('Accept') },
          CookiesConfig: { CookieBehavior: 'none' },
          QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: list('v', 'w') },
        },
      },
    ]);
    expect(model.edgeFunctions).toEqual({
      [Object.keys(model.edgeFunctions)[0] ?? '']: expect.stringMatching(/^function handler/),
    });
  });

  test('survives its XML', async () => {
    const cloudFront = await startCloudFront({ configurations: { E1: config } });
    const client = new CloudFrontClient({ endpoint: cloudFront.url, region: 'us-east-1', credentials: KEYS });
    const { DistributionConfig } = await client.send(new GetDistributionConfigCommand({ Id: 'E1' }));
    client.destroy();
    await cloudFront.close();
    expect(DistributionConfig).toEqual(config);
  });

  test('says which bucket the site is in', () => {
    expect(siteOf(model)).toEqual({
      id: distribution?.id,
      bucket: 'site',
      originPath: '/site',
      defaultRootObject: 'index.html',
      answersFolders: true,
    });
  });
});

const KEYS = { accessKeyId: 'local', secretAccessKey: 'local' };

test('the site is in the bucket that there is, though the default behavior leads elsewhere', () => {
  const model = modelOf((stack) => {
    const bucket = new s3.Bucket(stack, 'Site', { bucketName: 'site' });
    const elsewhere = s3.Bucket.fromBucketName(stack, 'Elsewhere', 'elsewhere');
    return new cloudfront.Distribution(stack, 'Distribution', {
      defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessControl(elsewhere) },
      additionalBehaviors: { '/static/*': { origin: origins.S3BucketOrigin.withOriginAccessControl(bucket) } },
    });
  });
  expect(siteOf(model)).toMatchObject({ bucket: 'site', originPath: '', answersFolders: false });
});

describe('the index document', () => {
  const plain = modelOf((stack) => {
    const origin = origins.S3BucketOrigin.withOriginAccessControl(new s3.Bucket(stack, 'Site'));
    return new cloudfront.Distribution(stack, 'Distribution', { defaultBehavior: { origin } });
  });
  test.each<[string, Record<string, string>, typeof plain, string]>([
    ['the option', { INDEX_DOCUMENT: 'home.html', READ_DISTRIBUTION: 'on' }, plain, 'home.html'],
    ['none by the option', { INDEX_DOCUMENT: '' }, modelOf(everything), ''],
    ['as the distribution says: none', { READ_DISTRIBUTION: 'on' }, plain, ''],
    [
      'as the distribution says: its function answers folders',
      { READ_DISTRIBUTION: 'on' },
      modelOf(everything),
      'index.html',
    ],
    ['the usual one where the distribution is not read', {}, plain, 'index.html'],
  ])('is %s', (_, environment, model, expected) => {
    expect(indexDocumentOf(environment, distributionsOf(model)[0]?.configuration ?? {})).toBe(expected);
  });
});

test('a distribution that only the function is told of is a plain site, by what it is told', () => {
  const origin = { bucket: 'old', distribution: 'E1OLD', path: '/site', queryStrings: true };
  const environment = { ORIGINS: JSON.stringify([origin, { bucket: 'new', distribution: 'E2NEW' }]) };
  const model = readStack({ Resources: {} }, 'Stack', '');
  const attached = (more: object) => ({ ...model, functions: [{ environment: { ...environment, ...more } }] });
  const [first, second] = distributionsOf(attached({ INDEX_DOCUMENT: '' }) as never);
  expect([first?.id, second?.id]).toEqual(['E1OLD', 'E2NEW']);
  expect(first?.configuration).toMatchObject({
    DefaultRootObject: '',
    Origins: list({ DomainName: 'old.s3.us-east-1.amazonaws.com', OriginPath: '/site' }),
    DefaultCacheBehavior: { CachePolicyId: '4cc15a8a-d715-48a4-82b8-cc0b614638fe' },
    CacheBehaviors: NONE,
  });
  expect(distributionsOf(attached({}) as never)[1]?.configuration).toMatchObject({
    DefaultRootObject: 'index.html',
    Origins: list({ DomainName: 'new.s3.us-east-1.amazonaws.com', OriginPath: '' }),
    DefaultCacheBehavior: { CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6' },
  });
});

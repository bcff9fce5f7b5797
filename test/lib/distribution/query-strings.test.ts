import type { Stack } from 'aws-cdk-lib';
import {
  CachePolicy,
  CacheQueryStringBehavior,
  CloudFrontWebDistribution,
  Distribution,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, OriginGroup, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { quietly, saidOf, site } from './said';

quietly();

describe('query strings', () => {
  const cached = (policyOf: (stack: Stack) => CachePolicy | unknown) => (stack: Stack, bucket: Bucket) =>
    site(stack, S3BucketOrigin.withOriginAccessControl(bucket), {
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        cachePolicy: policyOf(stack) as CachePolicy,
      },
    });
  const own = (queryStringBehavior: CacheQueryStringBehavior) => (stack: Stack) =>
    new CachePolicy(stack, 'Policy', { queryStringBehavior });
  const ALL = cached(own(CacheQueryStringBehavior.all()));
  const SOME = cached(own(CacheQueryStringBehavior.allowList('v')));
  const NONE = cached(own(CacheQueryStringBehavior.none()));
  const MANAGED = cached(() => CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS);
  const OPTIMIZED = cached(() => CachePolicy.CACHING_OPTIMIZED);
  const DISABLED = cached(() => CachePolicy.CACHING_DISABLED);
  const UNKNOWN = cached((stack) =>
    CachePolicy.fromCachePolicyId(stack, 'Policy', 'e1b1c2d3-0000-0000-0000-000000000000'),
  );
  const legacy = (queryString: boolean) => (stack: Stack, bucket: Bucket) =>
    new CloudFrontWebDistribution(stack, 'Distribution', {
      originConfigs: [
        {
          s3OriginSource: { s3BucketSource: bucket },
          behaviors: [{ isDefaultBehavior: true, forwardedValues: { queryString } }],
        },
      ],
    });

  test.each([
    ['a policy of the app', ALL, 'cache policy Test/Policy'],
    ['a policy that has some of them', SOME, 'cache policy Test/Policy'],
    ['a managed policy', MANAGED, 'cache policy UseOriginCacheControlHeaders-QueryStrings'],
    ['forwarded values', legacy(true), 'ForwardedValues'],
  ])('that are said to be in no cache key, against %s, are a warning', (_, distributionOf, named) => {
    expect(saidOf({ queryStrings: false }, distributionOf)).toEqual([
      `/Test/Invalidator: origins[0].queryStrings is false, but in the distribution Test/Distribution query strings are part of the cache key of the default behavior (${named}). Copies under URLs with query strings would stay stale: leave it out [ack: cloudfront-invalidator:queryStrings]`,
    ]);
    expect(saidOf({ queryStrings: true }, distributionOf)).toEqual([]);
    expect(saidOf({}, distributionOf)).toEqual([]);
  });

  test.each([
    ['a policy of the app', NONE, 'cache policy Test/Policy'],
    ['a managed policy', OPTIMIZED, 'cache policy CachingOptimized'],
    ['forwarded values', legacy(false), 'ForwardedValues'],
  ])('that are said to be in the cache key, against %s, are a warning', (_, distributionOf, named) => {
    expect(saidOf({ queryStrings: true }, distributionOf)).toEqual([
      expect.stringContaining(
        `origins[0].queryStrings is true, but in the distribution Test/Distribution query strings are not part of the cache key of the default behavior (${named}).`,
      ),
    ]);
    expect(saidOf({ queryStrings: false }, distributionOf)).toEqual([]);
    expect(saidOf({}, distributionOf)).toEqual([]);
  });

  test.each([
    ['a policy that only CloudFront knows', UNKNOWN],
    ['a behavior that caches nothing', DISABLED],
  ])('are left alone with %s', (_, distributionOf) => {
    expect(saidOf({ queryStrings: true }, distributionOf)).toEqual([]);
    expect(saidOf({ queryStrings: false }, distributionOf)).toEqual([]);
  });

  test('of behaviors that lead elsewhere do not count', () => {
    const mixed = (stack: Stack, bucket: Bucket) => {
      const distribution = OPTIMIZED(stack, bucket);
      distribution.addBehavior('/api/*', new HttpOrigin('example.com'), {
        cachePolicy: CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS,
      });
      return distribution;
    };
    expect(saidOf({ queryStrings: false }, mixed)).toEqual([]);
  });

  test('of one of several behaviors are enough to state them', () => {
    const mixed = (stack: Stack, bucket: Bucket) => {
      const distribution = OPTIMIZED(stack, bucket);
      distribution.addBehavior('/search/*', S3BucketOrigin.withOriginAccessControl(bucket), {
        cachePolicy: CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS,
      });
      return distribution;
    };
    expect(saidOf({ queryStrings: true }, mixed)).toEqual([]);
    expect(saidOf({ queryStrings: false }, mixed)[0]).toContain('cache key of the behavior /search/* (');
  });

  test('of another origin path than the one that is stated do not count', () => {
    const mixed = (stack: Stack, bucket: Bucket) => {
      const distribution = OPTIMIZED(stack, bucket);
      const origin = S3BucketOrigin.withOriginAccessControl(bucket, { originPath: '/found' });
      distribution.addBehavior('/search/*', origin, {
        cachePolicy: CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS,
      });
      return distribution;
    };
    expect(saidOf({ originPath: '', queryStrings: false }, mixed)).toEqual([]);
    expect(saidOf({ originPath: '/found', queryStrings: false }, mixed)).toHaveLength(1);
  });

  test('of a behavior of an origin group count', () => {
    const group = (stack: Stack, bucket: Bucket) =>
      new Distribution(stack, 'Distribution', {
        defaultBehavior: {
          origin: new OriginGroup({
            primaryOrigin: new HttpOrigin('example.com'),
            fallbackOrigin: S3BucketOrigin.withOriginAccessControl(bucket),
          }),
        },
      });
    expect(saidOf({ queryStrings: true }, group)).toHaveLength(1);
  });

  test('that are left out are a warning where the distribution has them and is not read', () => {
    expect(saidOf({ readDistribution: false }, ALL)[0]).toContain('queryStrings is left out, but');
    expect(saidOf({ readDistribution: false }, NONE)).toEqual([]);
  });
});

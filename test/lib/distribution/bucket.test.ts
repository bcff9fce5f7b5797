import { CfnParameter, Fn, Lazy, NestedStack, Stack } from 'aws-cdk-lib';
import {
  CfnDistribution,
  CloudFrontWebDistribution,
  Distribution,
  type IDistribution,
  OriginAccessIdentity,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, OriginGroup, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ChangeEvents } from '../../../lib';
import { emptyApp, emptyStack } from '../templates';
import { invalidate, type Options, quietly, said, saidOf, site } from './said';

quietly();

describe('a bucket behind the distribution', () => {
  const WAYS: Readonly<Record<string, (stack: Stack, bucket: Bucket) => IDistribution>> = {
    'with origin access control': (stack, bucket) => site(stack, S3BucketOrigin.withOriginAccessControl(bucket)),
    'with an origin access identity': (stack, bucket) =>
      site(
        stack,
        S3BucketOrigin.withOriginAccessIdentity(bucket, {
          originAccessIdentity: new OriginAccessIdentity(stack, 'Identity'),
        }),
      ),
    public: (stack, bucket) => site(stack, S3BucketOrigin.withBucketDefaults(bucket)),
    'by its global domain': (stack, bucket) => site(stack, new HttpOrigin(bucket.bucketDomainName)),
    'by its dual-stack domain': (stack, bucket) => site(stack, new HttpOrigin(bucket.bucketDualStackDomainName)),
    'by its name and a region': (stack, bucket) =>
      site(stack, new HttpOrigin(`${bucket.bucketName}.s3.eu-west-1.amazonaws.com`)),
    'by its ARN': (stack, bucket) =>
      site(stack, new HttpOrigin(`${Fn.select(5, Fn.split(':', bucket.bucketArn))}.s3.amazonaws.com`)),
    'as a website': (stack, bucket) => site(stack, new HttpOrigin(bucket.bucketWebsiteDomainName)),
    'in an origin group': (stack, bucket) =>
      site(
        stack,
        new OriginGroup({
          primaryOrigin: new HttpOrigin('example.com'),
          fallbackOrigin: S3BucketOrigin.withOriginAccessControl(bucket),
        }),
      ),
    'of a behavior': (stack, bucket) => {
      const distribution = site(stack, new HttpOrigin('example.com'));
      distribution.addBehavior('/static/*', S3BucketOrigin.withOriginAccessControl(bucket));
      return distribution;
    },
    'of CloudFrontWebDistribution': (stack, bucket) =>
      new CloudFrontWebDistribution(stack, 'Distribution', {
        originConfigs: [{ s3OriginSource: { s3BucketSource: bucket }, behaviors: [{ isDefaultBehavior: true }] }],
      }),
    'of an L1 distribution': (stack, bucket) => l1(stack, bucket.bucketRegionalDomainName),
    lazily: (stack, bucket) => l1(stack, Lazy.string({ produce: () => bucket.bucketRegionalDomainName })),
    'by an override': (stack, bucket) => {
      const distribution = site(stack, new HttpOrigin('example.com'));
      (distribution.node.defaultChild as CfnDistribution).addPropertyOverride(
        'DistributionConfig.Origins.0.DomainName',
        bucket.bucketRegionalDomainName,
      );
      return distribution;
    },
  };

  test.each(Object.entries(WAYS))('%s', (_, distributionOf) => {
    expect(saidOf({}, distributionOf)).toEqual([]);
    // It is known that it is there: what contradicts it is found.
    expect(saidOf({ originPath: '/nowhere' }, distributionOf)[0]).toContain('originPath must be "" (none)');
  });

  test.each([
    'site-a.s3.amazonaws.com',
    'site-a.s3.eu-west-1.amazonaws.com',
    'site-a.s3.dualstack.eu-west-1.amazonaws.com',
    'site-a.s3-website-us-east-1.amazonaws.com',
    'site-a.s3-website.eu-central-1.amazonaws.com',
    'site-a.s3-eu-west-1.amazonaws.com',
    'site-a.s3.cn-north-1.amazonaws.com.cn',
    'site-a.s3-accelerate.amazonaws.com',
  ])('as %s', (domain) => {
    const named = (name: string, options: Options) => {
      const stack = emptyStack();
      const bucket =
        name === 'own' ? new Bucket(stack, 'B', { bucketName: 'site-a' }) : Bucket.fromBucketName(stack, 'B', name);
      invalidate(stack, bucket, site(stack, new HttpOrigin(domain)), options);
      return said(stack);
    };
    for (const name of ['site-a', 'own']) {
      expect(named(name, {})).toEqual([]);
      expect(named(name, { originPath: '/nowhere' })[0]).toContain('originPath must be "" (none)');
    }
    expect(named('site-b', {})[0]).toContain(`whose origins are ${domain}; `);
    expect(named('site', {})[0]).toContain(`whose origins are ${domain}; `);
  });

  test('that is imported, and imported again', () => {
    const stack = emptyStack();
    const distribution = site(
      stack,
      S3BucketOrigin.withOriginAccessControl(Bucket.fromBucketName(stack, 'First', 'site-a')),
    );
    invalidate(stack, Bucket.fromBucketName(stack, 'Second', 'site-a'), distribution);
    expect(said(stack)).toEqual([]);
  });

  test('that is an L1', () => {
    const stack = emptyStack();
    const resource = new CfnBucket(stack, 'Bucket');
    const distribution = site(stack, new HttpOrigin(resource.attrRegionalDomainName));
    invalidate(stack, Bucket.fromCfnBucket(resource), distribution, { originPath: '/nowhere' });
    expect(said(stack)[0]).toContain('originPath must be "" (none)');
  });

  test.each([
    ['the bucket', 'strong'],
    ['the distribution', 'strong'],
    ['the bucket', 'weak'],
    ['the distribution', 'weak'],
  ])('with %s in another stack, by %s references', (what, references) => {
    const app = emptyApp({ '@aws-cdk/core:defaultCrossStackReferences': references });
    const [one, two] = [new Stack(app, 'One'), new Stack(app, 'Two')];
    const bucket = new Bucket(one, 'Bucket');
    const distribution = site(
      what === 'the bucket' ? two : one,
      S3BucketOrigin.withBucketDefaults(bucket, { originPath: '/site' }),
    );
    invalidate(two, bucket, distribution, { originPath: '/nowhere', events: ChangeEvents.EVENTBRIDGE });
    expect(said(two)[0]).toContain('originPath must be "/site"');
  });

  test('with the distribution in a nested stack, and in another region', () => {
    const env = { account: '111111111111', region: 'eu-west-1' };
    const stack = new Stack(emptyApp(), 'Test', { env, crossRegionReferences: true });
    const bucket = new Bucket(stack, 'Bucket');
    const nested = site(new NestedStack(stack, 'Nested'), S3BucketOrigin.withBucketDefaults(bucket));
    invalidate(stack, bucket, nested, { originPath: '/nowhere' });
    expect(said(stack)[0]).toContain('originPath must be "" (none)');

    const home = new Stack(emptyApp(), 'Home', { env, crossRegionReferences: true });
    const edge = new Stack(home.node.root, 'Edge', {
      env: { ...env, region: 'us-east-1' },
      crossRegionReferences: true,
    });
    const named = new Bucket(home, 'Bucket', { bucketName: 'site-a' });
    const far = site(edge, S3BucketOrigin.withBucketDefaults(named));
    invalidate(edge, Bucket.fromBucketAttributes(edge, 'B', { bucketName: 'site-a' }), far, { originPath: '/nowhere' });
    expect(said(edge)[0]).toContain('originPath must be "" (none)');
  });

  test('whose name is a parameter', () => {
    const stack = emptyStack();
    const name = new CfnParameter(stack, 'Name').valueAsString;
    const bucket = Bucket.fromBucketName(stack, 'Bucket', name);
    invalidate(stack, bucket, site(stack, S3BucketOrigin.withOriginAccessControl(bucket)), { originPath: '/nowhere' });
    expect(said(stack)[0]).toContain('originPath must be "" (none)');
  });
});

const l1 = (stack: Stack, domainName: string): IDistribution => {
  const { ref } = new CfnDistribution(stack, 'Distribution', {
    distributionConfig: {
      enabled: true,
      origins: [{ id: 'one', domainName, s3OriginConfig: {} }],
      defaultCacheBehavior: { targetOriginId: 'one', viewerProtocolPolicy: 'https-only' },
    },
  });
  return Distribution.fromDistributionAttributes(stack, 'L1', { distributionId: ref, domainName: 'example.com' });
};

import type { Stack } from 'aws-cdk-lib';
import type { CfnDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { quietly, saidOf, site } from './said';

quietly();

const withConnectionMode = (mode: string, originPath?: string) => (stack: Stack, bucket: Bucket) => {
  const distribution = site(stack, S3BucketOrigin.withOriginAccessControl(bucket, { originPath }));
  const resource = distribution.node.defaultChild as CfnDistribution;
  resource.addPropertyOverride('DistributionConfig.ConnectionMode', mode);
  return distribution;
};

test('a distribution of the app that serves its tenants only needs one of them', () => {
  expect(saidOf({}, withConnectionMode('tenant-only'))).toEqual([
    expect.stringContaining(
      'origins[0].tenant must be the id of a tenant of the distribution Test/Distribution, ' +
        'which serves viewers by its tenants only, but it is missing',
    ),
  ]);
});

test.each([
  ['a tenant of it', { tenant: 'dt_a' }, 'tenant-only', undefined],
  [
    'a tenant, with the origin path in place of a parameter',
    { tenant: 'dt_a', originPath: '/tenant-a' },
    'tenant-only',
    '/{{tenantName}}',
  ],
  ['a distribution that viewers reach', {}, 'direct', undefined],
])('nothing is said of %s', (_, options, mode, originPath) => {
  expect(saidOf(options, withConnectionMode(mode, originPath))).toEqual([]);
});

test('what a tenant states is compared with what its distribution says', () => {
  const [contradiction] = saidOf({ tenant: 'dt_a', originPath: '/x' }, withConnectionMode('tenant-only', '/live'));
  expect(contradiction).toContain('origins[0].originPath must be "/live"');
});

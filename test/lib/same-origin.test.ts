import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CloudFrontInvalidator, type InvalidatorOrigin } from '../../lib';
import { emptyStack, existingDistribution } from './templates';

function templateOf(originsOf: (scope: Construct) => InvalidatorOrigin[]): Template {
  const stack = emptyStack();
  new CloudFrontInvalidator(stack, 'Invalidator', { origins: originsOf(stack) });
  return Template.fromStack(stack);
}

test.each([
  ['both without a prefix', {}, {}, '{"bucket":"Test/again","distribution":"Test/E1AAAAAA","prefix":""}'],
  [
    'one with the prefix that the other has by default',
    { originPath: '/site' },
    { originPath: '/site', prefix: 'site/' },
    '{"bucket":"Test/again","distribution":"Test/E1AAAAAA","originPath":"/site","prefix":"site/"}',
  ],
])('the same origin twice is refused: %s', (_, first, second, value) => {
  const twice = (scope: Construct) => {
    const distribution = existingDistribution(scope, 'E1AAAAAA');
    const again = Bucket.fromBucketName(scope, 'again', 'site-a');
    return [
      { bucket: Bucket.fromBucketName(scope, 'other', 'site-b'), distribution },
      { bucket: Bucket.fromBucketName(scope, 'site', 'site-a'), distribution, ...first },
      { bucket: again, distribution, ...second },
    ];
  };
  expect(() => templateOf(twice)).toThrow(
    `origins[2] must differ from origins[1] in its bucket, distribution, tenant, origin path, viewer prefix or prefix, but it is ${value}`,
  );
});

test('a bucket and a distribution may be there several times, for several origin paths or prefixes', () => {
  const template = templateOf((scope) => {
    const both = {
      bucket: Bucket.fromBucketName(scope, 'site', 'site-a'),
      distribution: existingDistribution(scope, 'E1AAAAAA'),
    };
    return [
      { ...both, prefix: 'a/' },
      { ...both, prefix: 'c/d/' },
      { ...both, originPath: '/c', prefix: 'c/d/' },
      { ...both, prefix: 'b/' },
      { ...both, originPath: '/c' },
    ];
  });
  template.resourceCountIs('Custom::S3BucketNotifications', 1);
});

import { Duration } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CloudFrontInvalidator, type CloudFrontInvalidatorProps, OptionError } from '../../lib';
import { emptyStack, existingDistribution } from './templates';

/** What JavaScript lets through, and `tryGetContext`, which is `any`. */
function errorOf(propsOf: (origin: { bucket: unknown; distribution: unknown }, scope: Construct) => unknown): unknown {
  const stack = emptyStack();
  const bucket = Bucket.fromBucketName(stack, 'Site', 'site-a');
  const origin = { bucket, distribution: existingDistribution(stack, 'E1AAAAAA') };
  try {
    new CloudFrontInvalidator(stack, 'Invalidator', propsOf(origin, stack) as CloudFrontInvalidatorProps);
  } catch (error) {
    return error;
  }
  return undefined;
}

const options = (options: object) => errorOf((origin) => ({ origins: [origin], ...options }));
const ofOrigin = (options: object) => errorOf((origin) => ({ origins: [{ ...origin, ...options }] }));

const REFUSED: readonly [error: unknown, message: string][] = [
  [options({ dryRun: 'false' }), 'dryRun must be true or false, but it is "false"'],
  [options({ inspectBucket: 'false' }), 'inspectBucket must be true or false, but it is "false"'],
  [options({ readDistribution: 'false' }), 'readDistribution must be true or false, but it is "false"'],
  [options({ monitoring: 'false' }), 'monitoring must be true or false, but it is "false"'],
  [options({ dryRun: 1 }), 'dryRun must be true or false, but it is 1'],
  [ofOrigin({ queryStrings: 'false' }), 'origins[0].queryStrings must be true or false, but it is "false"'],
  [
    errorOf(() => undefined),
    'origins must be an array of origins, such as [{ bucket, distribution }], but it is missing',
  ],
  [errorOf(() => ({})), 'origins must be an array of origins, such as [{ bucket, distribution }], but it is missing'],
  [
    errorOf((origin) => ({ origins: origin })),
    'origins must be an array of origins, such as [{ bucket, distribution }], but it is {"bucket":"Test/Site","distribution":"Test/E1AAAAAA"}',
  ],
  [
    errorOf(() => ({ origins: [undefined] })),
    'origins[0].bucket must be a bucket of CDK, as Bucket.fromBucketName makes, but it is missing',
  ],
  [
    ofOrigin({ bucket: 'site-a' }),
    'origins[0].bucket must be a bucket of CDK, as Bucket.fromBucketName makes, but it is "site-a"',
  ],
  [
    ofOrigin({ distribution: undefined }),
    'origins[0].distribution must be a distribution of CDK, as Distribution.fromDistributionAttributes makes, but it is missing',
  ],
  [
    errorOf((origin) => ({ origins: [{ ...origin, distribution: origin.bucket }] })),
    'origins[0].distribution must be a distribution of CDK, as Distribution.fromDistributionAttributes makes, but it is "Test/Site"',
  ],
  [ofOrigin({ originPath: 7 }), 'origins[0].originPath must be text, but it is 7'],
  [ofOrigin({ prefix: 7 }), 'origins[0].prefix must be text, but it is 7'],
  [
    ofOrigin({ exclude: 'assets/**' }),
    `origins[0].exclude must be an array of globs, such as ['assets/**'], but it is "assets/**"`,
  ],
  [ofOrigin({ exclude: [/assets/] }), 'origins[0].exclude must be text, but it is {}'],
  [
    ofOrigin({ aliases: { pattern: 'a', paths: ['/b'] } }),
    `origins[0].aliases must be an array of rules, such as [{ pattern: '{page+}.html', paths: ['/{page}'] }], but it is {"pattern":"a","paths":["/b"]}`,
  ],
  [
    ofOrigin({ aliases: [{ pattern: 'a', paths: '/b' }] }),
    'origins[0].aliases[0].paths must be an array of paths, but it is "/b"',
  ],
  [ofOrigin({ aliases: [{ paths: ['/b'] }] }), 'origins[0].aliases[0].pattern must be text, but it is missing'],
  [ofOrigin({ aliases: [null] }), 'origins[0].aliases[0].paths must be an array of paths, but it is missing'],
  [options({ batchingWindow: 20 }), 'batchingWindow must be a Duration, such as Duration.seconds(20), but it is 20'],
  [options({ indexDocument: 7 }), 'indexDocument must be text, but it is 7'],
  [options({ refetchesPerPath: '50' }), 'refetchesPerPath must be a number from 0.000001 to 1000000, but it is "50"'],
  [
    options({ pathsPerDayBudget: '50' }),
    'pathsPerDayBudget must be a whole number of paths from 1 to 1000000000, but it is "50"',
  ],
  [
    options({ maxPathsPerDay: '500' }),
    'maxPathsPerDay must be a whole number of paths from 1 to 1000000000, but it is "500"',
  ],
  [options({ alarmTopic: 'arn:aws:sns:…' }), 'alarmTopic must be an SNS topic, but it is "arn:aws:sns:…"'],
  [options({ encryptionKey: 'alias/a' }), 'encryptionKey must be a KMS key, but it is "alias/a"'],
];

test.each(REFUSED.map(([error, message]) => [message, error]))('%s', (message, error) => {
  expect(error).toBeInstanceOf(OptionError);
  expect((error as OptionError).message).toBe(message);
});

test('null is as good as leaving an option out', () => {
  expect(
    options({ dryRun: null, inspectBucket: null, maxPathsPerDay: null, batchingWindow: null, indexDocument: null }),
  ).toBeUndefined();
  expect(options({ readDistribution: null })).toBeUndefined();
  expect(ofOrigin({ queryStrings: null, originPath: null, exclude: null, aliases: null })).toBeUndefined();
  expect(options({ batchingWindow: Duration.seconds(5) })).toBeUndefined();
});

test('a value that has no JSON is named by its type', () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  expect(options({ dryRun: circular })).toMatchObject({ message: 'dryRun must be true or false, but it is (object)' });
  expect(options({ dryRun: () => true })).toMatchObject({
    message: 'dryRun must be true or false, but it is (function)',
  });
});

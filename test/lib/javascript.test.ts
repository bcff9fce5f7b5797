import { Aws, Duration, Fn, Token } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CloudFrontInvalidator, type CloudFrontInvalidatorProps } from '../../lib';
import { OptionError } from '../../lib/options/option-error';
import { emptyStack, existingDistribution } from './templates';

const DIRECTORY = 'arn:aws:s3express:us-east-1:111111111111:bucket/site--use1-az4--x-s3';
const ACCESS_POINT = 'arn:aws:s3:eu-west-1:111111111111:accesspoint/my-point';

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
const inVpc = (options: object) =>
  errorOf((origin, scope) => ({ origins: [origin], vpc: new Vpc(scope, 'Vpc'), ...options }));
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
  [
    options({ maxBatchingWindow: 20 }),
    'maxBatchingWindow must be a Duration, such as Duration.seconds(20), but it is 20',
  ],
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
  [
    options({ dryrun: true }),
    'dryrun must be left out, because there is no such option (did you mean dryRun?), but it is true',
  ],
  [
    options({ batchingWindow: Duration.seconds(5) }),
    'batchingWindow must be left out, because there is no such option (did you mean maxBatchingWindow?), but it is "5 seconds"',
  ],
  [
    options({ alarmTopicArn: 'a' }),
    'alarmTopicArn must be left out, because there is no such option (did you mean alarmTopic?), but it is "a"',
  ],
  [
    options({ pathsPerDayBudgets: 5 }),
    'pathsPerDayBudgets must be left out, because there is no such option (did you mean pathsPerDayBudget?), but it is 5',
  ],
  [
    errorOf((origin) => ({ origin: [origin] })),
    'origin must be left out, because there is no such option (did you mean origins?), but it is [{"bucket":"Test/Site","distribution":"Test/E1AAAAAA"}]',
  ],
  [
    options({ verbose: true }),
    'verbose must be left out, because there is no such option (the options are origins, maxBatchingWindow, indexDocument, refetchesPerPath, maxPathsPerDay, inspectBucket, readDistribution, requests, dryRun, eventBus, encryptionKey, logEncryptionKey, vpc, vpcSubnets, securityGroups, logRetention, monitoring, alarmTopic, pathsPerDayBudget), but it is true',
  ],
  [
    ofOrigin({ originpath: '/site' }),
    'origins[0].originpath must be left out, because there is no such option (did you mean originPath?), but it is "/site"',
  ],
  [
    ofOrigin({ querystrings: false }),
    'origins[0].querystrings must be left out, because there is no such option (did you mean queryStrings?), but it is false',
  ],
  [
    ofOrigin({ aliases: [{ pattern: 'a', paths: ['/b'], pathes: ['/c'] }] }),
    'origins[0].aliases[0].pathes must be left out, because there is no such option (did you mean paths?), but it is ["/c"]',
  ],
  [
    options({ logRetention: 8 }),
    'logRetention must be one of RetentionDays: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 9999, but it is 8',
  ],
  [
    options({ refetchesPerPath: Number.POSITIVE_INFINITY }),
    'refetchesPerPath must be a number from 0.000001 to 1000000, but it is "Infinity"',
  ],
  [options({ logRetention: '7' }), expect.stringContaining('logRetention must be one of RetentionDays: 1, 3,')],
  ...(
    [
      ['Site_A', 'be a bucket name: 3 to 63 lower-case letters, digits, dots or hyphens'],
      ['a..b', 'be a bucket name: 3 to 63 lower-case letters, digits, dots or hyphens'],
      [
        'my-point-x1y2-s3alias',
        'be a general purpose bucket, which alone tells of its changes: of an access point, name the bucket',
      ],
      [
        'site--use1-az4--x-s3',
        'be a general purpose bucket, which alone tells of its changes: of an access point, name the bucket',
      ],
    ] as const
  ).map(([bucketName, rule]): [unknown, string] => [
    ofOrigin({ bucket: { bucketName } }),
    `origins[0].bucket must ${rule}, but it is "${bucketName}"`,
  ]),
  [
    errorOf((origin, scope) => ({
      origins: [{ ...origin, bucket: Bucket.fromBucketArn(scope, 'Point', ACCESS_POINT) }],
    })),
    'origins[0].bucket must be a general purpose bucket, which alone tells of its changes: of an access point, name the bucket, but it is "arn:aws:s3:eu-west-1:111111111111:accesspoint/my-point"',
  ],
  [
    errorOf((origin, scope) => ({
      origins: [{ ...origin, bucket: Bucket.fromBucketArn(scope, 'Directory', DIRECTORY) }],
    })),
    'origins[0].bucket must be a general purpose bucket, which alone tells of its changes: of an access point, name the bucket, but it is "arn:aws:s3express:us-east-1:111111111111:bucket/site--use1-az4--x-s3"',
  ],
  [
    errorOf((origin, scope) => ({
      origins: [{ ...origin, bucket: Bucket.fromBucketName(scope, 'Good', 'my-accesspoint-logs') }],
      dryRun: 1,
    })),
    'dryRun must be true or false, but it is 1',
  ],
  [
    errorOf((origin, scope) => ({
      origins: [{ ...origin, distribution: existingDistribution(scope, 'e123', 'Bad') }],
    })),
    'origins[0].distribution must be a distribution id: E and capital letters or digits, as E123EXAMPLE, but it is "e123"',
  ],
  [options({ dryRun: Aws.REGION }), 'dryRun must be true or false, but it is "(AWS.Region)"'],
  [options({ dryRun: Token.asNumber({ Ref: 'A' }) }), 'dryRun must be true or false, but it is "(a token)"'],
  [options({ dryRun: Token.asList({ Ref: 'A' }) }), 'dryRun must be true or false, but it is ["(a token)"]'],
  [options({ dryRun: Fn.conditionIf('A', 1, 2) }), 'dryRun must be true or false, but it is "(a token)"'],
  [options({ encryptionKey: 'alias/a' }), 'encryptionKey must be a KMS key, but it is "alias/a"'],
  [options({ logEncryptionKey: 'alias/a' }), 'logEncryptionKey must be a KMS key, but it is "alias/a"'],
  [
    errorOf((origin, scope) => ({ origins: [origin], logEncryptionKey: Alias.fromAliasName(scope, 'Key', 'alias/a') })),
    'logEncryptionKey must be the key itself: CloudWatch Logs takes no alias, but it is "Test/Key"',
  ],
  [options({ vpc: 'vpc-1' }), 'vpc must be a VPC of CDK, as Vpc.fromLookup makes, but it is "vpc-1"'],
  [
    inVpc({ vpcSubnets: ['subnet-1'] }),
    'vpcSubnets must be a selection of subnets, such as { subnets: [subnet] }, but it is ["subnet-1"]',
  ],
  [inVpc({ securityGroups: 'sg-1' }), 'securityGroups must be an array of security groups, but it is "sg-1"'],
  [inVpc({ vpcSubnets: { subnets: [] } }), 'vpcSubnets must have at least one subnet, but it is {"subnets":[]}'],
  [
    errorOf((origin, scope) => {
      const group = SecurityGroup.fromSecurityGroupId(scope, 'Group', 'sg-12345678');
      return { origins: [origin], vpc: new Vpc(scope, 'Vpc'), securityGroups: [group, group] };
    }),
    'securityGroups must not have a security group twice, but it is ["Test/Group","Test/Group"]',
  ],
  [
    errorOf((origin, scope) => {
      const securityGroups = Array.from({ length: 6 }, (_, at) =>
        SecurityGroup.fromSecurityGroupId(scope, `Group${at}`, `sg-1234567${at}`),
      );
      return { origins: [origin], vpc: new Vpc(scope, 'Vpc'), securityGroups };
    }),
    'securityGroups must have at most 5 security groups, but it is ["Test/Group0","Test/Group1","Test/Group2","Test/Group3","Test/Group4","Test/Group5"]',
  ],
  [
    ofOrigin({ exclude: Fn.split(',', Fn.importValue('globs')) }),
    'origins[0].exclude must be known at synthesis, but it is ["(a token)"]',
  ],
  [
    errorOf((origin, scope) => {
      const arn = 'arn:aws:kms:us-east-1:111111111111:alias/mine';
      return { origins: [origin], encryptionKey: Key.fromKeyArn(scope, 'Key', arn) };
    }),
    'encryptionKey must be imported by Alias.fromAliasName, because it is an alias, but it is "Test/Key"',
  ],
  [inVpc({ securityGroups: [] }), 'securityGroups must have at least one security group, but it is []'],
  [inVpc({ securityGroups: ['sg-1'] }), 'securityGroups[0] must be a security group of CDK, but it is "sg-1"'],
  [
    options({ vpcSubnets: { onePerAz: true } }),
    'vpcSubnets must be left out without a vpc, to which it belongs, but it is {"onePerAz":true}',
  ],
];

test.each(REFUSED.map(([error, message]) => [message, error]))('%s', (message, error) => {
  expect(error).toBeInstanceOf(OptionError);
  expect((error as OptionError).message).toEqual(
    typeof message === 'string' ? `Test/Invalidator: ${message}` : message,
  );
});

test('what is undefined, or inherited from a prototype, is no misspelt option', () => {
  class Props {
    get origins() {
      return this.given;
    }
    get verbose() {
      return true;
    }
    toString() {
      return 'props';
    }
    readonly #given: unknown;
    constructor(given: unknown) {
      this.#given = given;
    }
    private get given() {
      return this.#given;
    }
  }
  expect(errorOf((origin) => new Props([Object.create(origin)]))).toBeUndefined();
  expect(options({ dryrun: undefined, verbose: null })).toBeUndefined();
  expect(ofOrigin({ originpath: undefined })).toBeUndefined();
});

test('null is as good as leaving an option out', () => {
  expect(
    options({ dryRun: null, inspectBucket: null, maxPathsPerDay: null, maxBatchingWindow: null, indexDocument: null }),
  ).toBeUndefined();
  expect(options({ readDistribution: null })).toBeUndefined();
  expect(ofOrigin({ queryStrings: null, originPath: null, exclude: null, aliases: null })).toBeUndefined();
  expect(options({ maxBatchingWindow: Duration.seconds(5) })).toBeUndefined();
});

test('a value that has no JSON is named by its type', () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  expect(options({ dryRun: circular })).toMatchObject({
    message: 'Test/Invalidator: dryRun must be true or false, but it is (object)',
  });
  expect(options({ dryRun: () => true })).toMatchObject({
    message: 'Test/Invalidator: dryRun must be true or false, but it is (function)',
  });
});

import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { readContext } from '../../lib/app/context';
import { stackOf } from './templates';

const read = readContext;
const names = { bucketName: 'site-bucket', distributionId: 'E123EXAMPLE' };

test('no context is a complete site with every default', () => {
  expect(Object.values(read({})).filter((value) => value !== undefined)).toEqual([]);
});

test('every key is read', () => {
  const context = read({
    ...names,
    originPath: '/site',
    prefix: 'site/docs/',
    events: 'eventbridge',
    indexDocument: 'none',
    maxBatchingWindow: '5',
    refetchesPerPath: '50',
    maxPathsPerDay: '500',
    inspectBucket: 'false',
    readDistribution: 'false',
    queryStrings: 'true',
    dryRun: 'true',
    eventBusName: 'default',
    monitoring: 'true',
    alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
    pathsPerDayBudget: '50',
  });
  expect(context).toMatchObject({
    attachTo: names,
    originPath: '/site',
    prefix: 'site/docs/',
    events: 'eventbridge',
    indexDocument: 'none',
    refetchesPerPath: 50,
    maxPathsPerDay: 500,
    inspectBucket: false,
    readDistribution: false,
    queryStrings: true,
    dryRun: true,
    eventBusName: 'default',
    monitoring: true,
    alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
    pathsPerDayBudget: 50,
  });
  expect(context.maxBatchingWindow?.toSeconds()).toBe(5);
});

test.each<[Record<string, unknown>, string]>([
  [{ bucketName: 'site-bucket' }, 'distributionId must be given together with bucketName, but it is missing'],
  [{ distributionId: 'E123EXAMPLE' }, 'bucketName must be given together with distributionId, but it is missing'],
  [{ ...names, bucketName: 'Site_Bucket' }, 'bucketName must be a bucket name'],
  [{ ...names, bucketName: '' }, 'bucketName must be a bucket name'],
  [{ ...names, bucketName: 'ab' }, 'but it is "ab"'],
  [{ ...names, bucketName: 'a..b' }, 'but it is "a..b"'],
  [{ ...names, bucketName: '192.168.0.1' }, 'but it is "192.168.0.1"'],
  [{ ...names, bucketName: 'a'.repeat(64) }, '3 to 63'],
  [{ ...names, distributionId: 'e123example' }, 'distributionId must be a distribution id'],
  [{ ...names, distributionId: 'd111111abcdef8.cloudfront.net' }, 'but it is "d111111abcdef8.cloudfront.net"'],
  [{ ...names, distributionId: '' }, 'but it is ""'],
  [{ originPath: 'site' }, 'originPath must begin with a slash, such as "/site", but it is "site"'],
  [{ originPath: '/site/' }, 'originPath must not end with a slash'],
  [{ prefix: '/docs' }, 'prefix must be how keys begin, without a slash in front or a wildcard'],
  [{ originPath: '/site', prefix: 'docs/' }, 'prefix must lie inside the origin path, so begin with "site/"'],
  [{ events: 'EventBridge' }, `events must be 'notifications' or 'eventbridge', but it is "EventBridge"`],
  [{ indexDocument: '' }, 'indexDocument must be a file name'],
  [{ ...names, bucketName: 'my-point-abc123-s3alias' }, 'bucketName must be a general purpose bucket'],
  [{ maxBatchingWindow: '301' }, 'maxBatchingWindow must be a whole number of seconds from 0 to 300, but it is 301'],
  [{ maxBatchingWindow: '-1' }, 'but it is "-1"'],
  [{ maxBatchingWindow: 'soon' }, 'but it is "soon"'],
  [{ maxBatchingWindow: '' }, 'but it is ""'],
  [{ maxBatchingWindow: '1.5' }, 'but it is "1.5"'],
  [{ indexDocument: 'a'.repeat(101) }, 'indexDocument must have at most 100 characters'],
  [{ refetchesPerPath: '0' }, 'refetchesPerPath must be a number from 0.000001 to 1000000, but it is 0'],
  [{ refetchesPerPath: 'many' }, 'refetchesPerPath must be a number from 0.000001 to 1000000, but it is "many"'],
  [{ readDistribution: 'no' }, 'readDistribution must be "true" or "false", but it is "no"'],
  [{ inspectBucket: 'no' }, 'inspectBucket must be "true" or "false", but it is "no"'],
  [{ queryStrings: 1 }, 'queryStrings must be "true" or "false", but it is 1'],
  [{ dryRun: 'yes' }, 'dryRun must be "true" or "false", but it is "yes"'],
  [{ eventBusName: 'a bus' }, 'eventBusName must be the name of an event bus, such as "default", but it is "a bus"'],
  [{ eventBusName: '' }, 'but it is ""'],
  [{ monitoring: 'off' }, 'monitoring must be "true" or "false", but it is "off"'],
  [{ alarmTopicArn: 'alarms' }, 'alarmTopicArn must be the ARN of a standard SNS topic, but it is "alarms"'],
  [{ alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms.fifo' }, 'must be the ARN of a standard SNS topic'],
  [
    { monitoring: 'false', alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms' },
    'alarmTopicArn must be left out without monitoring, which makes the alarms, but it is "arn:aws:sns:eu-west-1:123456789012:alarms"',
  ],
  [
    { monitoring: 'false', pathsPerDayBudget: '50' },
    'pathsPerDayBudget must be left out without monitoring, which makes the alarms, but it is 50',
  ],
  [{ indexDocument: 'a*b' }, 'indexDocument must be one file name, without a wildcard, but it is "a*b"'],
  [{ pathsPerDayBudget: '0' }, 'pathsPerDayBudget must be a whole number of paths from 1 to 1000000000, but it is 0'],
  [{ pathsPerDayBudget: 'few' }, 'but it is "few"'],
  [{ pathsPerDayBudget: '0x10' }, 'but it is "0x10"'],
  [{ pathsPerDayBudget: true }, 'but it is true'],
  [{ maxPathsPerDay: '0' }, 'maxPathsPerDay must be a whole number of paths from 1 to 1000000000, but it is 0'],
  [{ maxPathsPerDay: '1.5' }, 'maxPathsPerDay must be a whole number of paths from 1 to 1000000000, but it is "1.5"'],
  [{ maxPathsPerDay: '' }, 'but it is ""'],
  [{ indexDocument: 7 }, 'indexDocument must be text, but it is 7'],
])('%j is refused', (context, message) => {
  expect(() => read(context)).toThrow(message);
});

test.each([
  ['bucketname', 'bucketName'],
  ['bucket-name', 'bucketName'],
  ['BUCKET_NAME', 'bucketName'],
  ['maxBatchingWindw', 'maxBatchingWindow'],
  ['batchingWindow', 'maxBatchingWindow'],
  ['originpath', 'originPath'],
  ['queryString', 'queryStrings'],
  ['event', 'events'],
  ['dryrun', 'dryRun'],
  ['alarmTopicARN', 'alarmTopicArn'],
  ['distributionid', 'distributionId'],
  ['bucket', 'bucketName'],
  ['distribution', 'distributionId'],
  ['alarmTopic', 'alarmTopicArn'],
  ['alarmtopic', 'alarmTopicArn'],
  ['eventbus', 'eventBusName'],
])('for the misspelt key %s it is said that %s was meant', (key, meant) => {
  expect(() => read({ ...names, [key]: 'x' })).toThrow(
    `${key} must be left out, because there is no such option (did you mean ${meant}?), but it is "x"`,
  );
});

test("keys of others, CDK's own among them, are not looked at", () => {
  const others = [
    'aws:cdk:bundling-stacks',
    '@aws-cdk/core:checkSecretUsage',
    'availability-zones:account=1:region=eu-west-1',
    'hosted-zone:account=1:domainName=example.com:region=eu-west-1',
    'aws-cdk:enableDiffNoFail',
    'stage',
    'env',
    'region',
    'account',
    'domainName',
    'queueName',
    'vpcId',
    'constructor',
  ];
  for (const key of others) expect(read({ [key]: 'x' })).toEqual(read({}));
});

test('that nothing reads a name is said, unless it is of CDK', () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const warnings = [['window', 'stage'], []].map((keys) =>
    Annotations.fromStack(stackOf(Object.fromEntries(keys.map((key) => [key, '5']))))
      .findWarning('*', Match.stringLikeRegexp('cloudfront-invalidator:context'))
      .map(({ entry }) => String(entry.data)),
  );
  expect(warnings).toEqual([[expect.stringContaining('Nothing here reads window, stage of the context.')], []]);
  jest.restoreAllMocks();
});

test.each([
  ['exclude', 'exclude'],
  ['excludes', 'exclude'],
  ['aliases', 'aliases'],
  ['logRetention', 'logRetention'],
  ['encryptionKey', 'encryptionKey'],
  ['vpc', 'vpc'],
])('that the context has no %s, but the construct, is said', (key, option) => {
  expect(() => read({ [key]: 'x' })).toThrow(
    `${key} must be left out of the context, because ${option} is an option of the construct only, but it is "x"`,
  );
});

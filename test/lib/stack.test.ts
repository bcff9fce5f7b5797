import { Match } from 'aws-cdk-lib/assertions';
import { only, synthesized } from './templates';

const site = synthesized();
const attached = synthesized({ bucketName: 'site-bucket', distributionId: 'E123EXAMPLE' });
const QUEUE = 'AWS::SQS::Queue';
const FUNCTION = 'AWS::Lambda::Function';

function counts(template: typeof site): Record<string, number> {
  const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
  return Object.fromEntries(
    [...new Set(types)].sort().map((type) => [type, types.filter((each) => each === type).length]),
  );
}

// Two functions and roles: ours, and CDK's that configures the bucket's notifications at deploy time.
const INVALIDATOR = {
  'AWS::CloudWatch::Alarm': 8,
  'AWS::CloudWatch::Dashboard': 1,
  'AWS::DynamoDB::Table': 1,
  'AWS::IAM::Policy': 2,
  'AWS::IAM::Role': 2,
  'AWS::Lambda::EventSourceMapping': 1,
  'AWS::Lambda::Function': 2,
  'AWS::Logs::LogGroup': 1,
  'AWS::Logs::QueryDefinition': 5,
  'AWS::SQS::Queue': 2,
  'AWS::SQS::QueuePolicy': 2,
  'Custom::S3BucketNotifications': 1,
};

test('the complete site is these resources and no others', () => {
  expect(counts(site)).toEqual({
    ...INVALIDATOR,
    'AWS::CloudFront::Distribution': 1,
    'AWS::CloudFront::Function': 1,
    'AWS::CloudFront::OriginAccessControl': 1,
    'AWS::CloudFront::ResponseHeadersPolicy': 1,
    'AWS::S3::Bucket': 1,
    'AWS::S3::BucketPolicy': 1,
  });
});

test('attached to what exists it is only the invalidator', () => {
  expect(counts(attached)).toEqual(INVALIDATOR);
});

test('by EventBridge there is a rule, and an existing bucket is not touched', () => {
  const rule = {
    'AWS::Events::Rule': 1,
    // For what cannot be delivered.
    'AWS::SQS::Queue': 3,
    'AWS::SQS::QueuePolicy': 3,
    'AWS::CloudWatch::Alarm': 9,
  };
  const complete = synthesized({ events: 'eventbridge' });
  expect(counts(complete)).toEqual({ ...counts(site), ...rule });
  const { 'Custom::S3BucketNotifications': _, ...untouched } = INVALIDATOR;
  const ours = { 'AWS::IAM::Policy': 1, 'AWS::IAM::Role': 1, 'AWS::Lambda::Function': 1 };
  const names = { bucketName: 'site-bucket', distributionId: 'E123EXAMPLE' };
  expect(counts(synthesized({ ...names, events: 'eventbridge' }))).toEqual({ ...untouched, ...ours, ...rule });
});

test('the context narrows what is sent', () => {
  const template = synthesized({ originPath: '/site', prefix: 'site/docs/' });
  const { NotificationConfiguration } = only(template, 'Custom::S3BucketNotifications');
  expect(JSON.stringify(NotificationConfiguration).match(/site\/docs\//g)).toHaveLength(3);
});

test('the site is private, served by origin access control, with a default root object', () => {
  site.hasResourceProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
  site.hasResourceProperties('AWS::CloudFront::Distribution', {
    DistributionConfig: {
      DefaultRootObject: 'index.html',
      Origins: [{ OriginAccessControlId: Match.anyValue(), S3OriginConfig: { OriginAccessIdentity: '' } }],
    },
  });
});

test('the distribution takes cache tags from a header that viewers do not see', () => {
  const HeaderName = 'x-amz-meta-cache-tag';
  const [policy = ''] = Object.keys(site.findResources('AWS::CloudFront::ResponseHeadersPolicy'));
  site.hasResourceProperties('AWS::CloudFront::Distribution', {
    DistributionConfig: {
      CacheTagConfig: { HeaderName },
      DefaultCacheBehavior: { ResponseHeadersPolicyId: { Ref: policy } },
    },
  });
  site.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
    ResponseHeadersPolicyConfig: { RemoveHeadersConfig: { Items: [{ Header: HeaderName }] } },
  });
});

test.each([
  ['the complete site', site, true],
  ['an existing bucket, whose other notifications stay', attached, false],
])('%s notifies of everything that changes content', (_, template, managed) => {
  const { NotificationConfiguration: configuration, Managed } = only(template, 'Custom::S3BucketNotifications');
  expect(Managed).toBe(managed);
  const { QueueConfigurations: configurations, ...others } = configuration as Record<string, { Events: string[] }[]>;
  expect(others).toEqual({});
  expect(configurations?.flatMap(({ Events }) => Events)).toEqual([
    's3:ObjectCreated:*',
    's3:ObjectRemoved:*',
    's3:LifecycleExpiration:*',
  ]);
});

test('both queues are encrypted by SQS', () => {
  site.allResourcesProperties(QUEUE, { SqsManagedSseEnabled: true });
});

test.each([
  ['0', 10],
  ['20', 10_000],
  ['300', 10_000],
])('with a window of %s s the visibility timeout is six time-outs and the window', (window, batchSize) => {
  const template = synthesized({ maxBatchingWindow: window });
  const timeout = only(template, FUNCTION, { Handler: 'index.handler', Runtime: 'nodejs24.x' }).Timeout as number;
  const { VisibilityTimeout: visibility, RedrivePolicy: redrive } = only(template, QUEUE, {
    RedrivePolicy: Match.anyValue(),
  });
  expect(visibility).toBe(6 * timeout + Number(window));
  const { maxReceiveCount } = redrive as { maxReceiveCount: number };
  expect(maxReceiveCount * Number(visibility)).toBeGreaterThanOrEqual(6 * 3600);
  expect(maxReceiveCount).toBeLessThanOrEqual(1000);
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: batchSize,
    MaximumBatchingWindowInSeconds: Number(window),
  });
});

test('the dead-letter queue keeps for 14 days, longer than the queue', () => {
  site.hasResourceProperties(QUEUE, { MessageRetentionPeriod: 14 * 24 * 3600, RedrivePolicy: Match.absent() });
  site.hasResourceProperties(QUEUE, { MessageRetentionPeriod: Match.absent(), RedrivePolicy: Match.anyValue() });
});

test('batches are large, answered in part, and two at a time', () => {
  site.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 10_000,
    MaximumBatchingWindowInSeconds: 20,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
  });
});

test('the function runs on Node 24 and arm64, and logs JSON to a log group of its own', () => {
  site.hasResourceProperties(FUNCTION, {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    LoggingConfig: { LogFormat: 'JSON', LogGroup: Match.anyValue() },
    Environment: { Variables: Match.objectLike({ NODE_OPTIONS: '--enable-source-maps' }) },
  });
  site.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
});

test('without bucket inspection the function may not list the bucket, and does not', () => {
  const template = synthesized({ bucketName: 'site-bucket', distributionId: 'E123EXAMPLE', inspectBucket: 'false' });
  expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('s3:ListBucket');
  template.hasResourceProperties(FUNCTION, { Environment: { Variables: Match.objectLike({ INSPECT_BUCKET: 'off' }) } });
});

test('the function is told what the context says of a distribution that exists', () => {
  const template = synthesized({
    bucketName: 'site-bucket',
    distributionId: 'E123EXAMPLE',
    originPath: '/site',
    indexDocument: 'none',
    refetchesPerPath: '50',
  });
  template.hasResourceProperties(FUNCTION, {
    Environment: {
      Variables: Match.objectLike({
        ORIGINS: '[{"bucket":"site-bucket","distribution":"E123EXAMPLE","path":"/site"}]',
        INDEX_DOCUMENT: '',
        REFETCHES_PER_PATH: '50',
        INSPECT_BUCKET: 'on',
      }),
    },
  });
});

test('the complete site is served as the context says', () => {
  const template = synthesized({ originPath: '/site', indexDocument: 'home.htm' });
  template.hasResourceProperties('AWS::CloudFront::Distribution', {
    DistributionConfig: { DefaultRootObject: 'home.htm', Origins: [Match.objectLike({ OriginPath: '/site' })] },
  });
});

test('the complete site answers URLs of folders, unless there is no index document', () => {
  const [id = ''] = Object.keys(site.findResources('AWS::CloudFront::Function'));
  site.hasResourceProperties('AWS::CloudFront::Function', { FunctionConfig: { Runtime: 'cloudfront-js-2.0' } });
  site.hasResourceProperties('AWS::CloudFront::Distribution', {
    DistributionConfig: {
      DefaultCacheBehavior: {
        FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': [id, 'FunctionARN'] } }],
      },
    },
  });
  const without = synthesized({ indexDocument: 'none' });
  without.resourceCountIs('AWS::CloudFront::Function', 0);
  without.hasResourceProperties('AWS::CloudFront::Distribution', {
    DistributionConfig: {
      DefaultRootObject: Match.absent(),
      DefaultCacheBehavior: { FunctionAssociations: Match.absent() },
    },
  });
});

test("the function is told nothing of the complete site's distribution, which says it itself", () => {
  const template = synthesized({ originPath: '/site', indexDocument: 'home.htm', queryStrings: 'true' });
  const [bucket] = Object.keys(template.findResources('AWS::S3::Bucket'));
  const [distribution] = Object.keys(template.findResources('AWS::CloudFront::Distribution'));
  const { Variables } = only(template, FUNCTION, { Runtime: 'nodejs24.x' }).Environment as {
    Variables: Record<string, unknown>;
  };
  expect(Variables).toMatchObject({ READ_DISTRIBUTION: 'on' });
  expect(Variables).not.toHaveProperty('INDEX_DOCUMENT');
  expect(Variables.ORIGINS).toEqual({
    'Fn::Join': ['', ['[{"bucket":"', { Ref: bucket }, '","distribution":"', { Ref: distribution }, '"}]']],
  });
});

test('if the function does not read the distribution of the complete site, it is told what the context says', () => {
  const context = { readDistribution: 'false', originPath: '/site', indexDocument: 'home.htm', queryStrings: 'true' };
  const { Variables } = only(synthesized(context), FUNCTION, { Runtime: 'nodejs24.x' }).Environment as {
    Variables: Record<string, unknown>;
  };
  expect(Variables).toMatchObject({ READ_DISTRIBUTION: 'off', INDEX_DOCUMENT: 'home.htm' });
  expect(JSON.stringify(Variables.ORIGINS)).toContain(JSON.stringify('","path":"/site","queryStrings":true}]'));
});

test('outputs name what an operator looks for', () => {
  const names = (template: typeof site) => Object.keys(template.findOutputs('*')).sort();
  expect(names(attached)).toEqual(['DeadLetterQueueUrl', 'Form', 'LogGroupName', 'QueueUrl']);
  expect(names(site)).toEqual([
    'BucketName',
    'DeadLetterQueueUrl',
    'DistributionId',
    'DomainName',
    'Form',
    'LogGroupName',
    'QueueUrl',
  ]);
  const [id = ''] = Object.keys(site.findResources('AWS::CloudFront::Distribution'));
  site.hasOutput('DistributionId', { Value: { Ref: id } });
});

test('the outputs of both forms say which it is', () => {
  site.hasOutput('Form', { Value: 'complete site' });
  attached.hasOutput('Form', { Value: 'attached to site-bucket and E123EXAMPLE' });
  const events = synthesized({ bucketName: 'site-bucket', distributionId: 'E123EXAMPLE', events: 'eventbridge' });
  expect(Object.keys(events.findOutputs('*'))).toContain('UndeliveredEventsUrl');
});

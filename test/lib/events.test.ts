import type { Stack } from 'aws-cdk-lib';
import { CfnParameter, Fn } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { ChangeEvents, CloudFrontInvalidator, type InvalidatorOrigin } from '../../lib';
import { quietly } from './distribution/said';
import { emptyStack, existingDistribution, only } from './templates';

quietly();

type Origin = Partial<InvalidatorOrigin>;

/** An invalidator for one existing bucket, or for what each origin says. */
function templateOf(origins: Origin[] | ((stack: Stack) => Origin[])): Template {
  const stack = emptyStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  const distribution = existingDistribution(stack, 'E1AAAAAA');
  const given = typeof origins === 'function' ? origins(stack) : origins;
  new CloudFrontInvalidator(stack, 'Invalidator', {
    origins: given.map((each) => ({ bucket, distribution, ...each })),
  });
  return Template.fromStack(stack);
}

/** The prefixes of the keys that each bucket notifies of, by kind of event. */
function notified(template: Template) {
  return Object.values(template.findResources('Custom::S3BucketNotifications')).map(({ Properties }) => {
    const queues: { Events: string[]; Filter?: { Key: { FilterRules: { Name: string; Value: string }[] } } }[] =
      Properties.NotificationConfiguration.QueueConfigurations ?? [];
    const prefixesOf = (event: string) =>
      queues
        .filter(({ Events }) => Events.includes(event))
        .map(({ Filter }) => Filter?.Key.FilterRules.find(({ Name }) => Name === 'prefix')?.Value ?? '');
    return ['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:LifecycleExpiration:*'].map(prefixesOf);
  });
}

const patternsOf = (template: Template) =>
  Object.values(template.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties.EventPattern);

const allowedToSend = (template: Template) =>
  Object.values(template.findResources('AWS::SQS::QueuePolicy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Effect }) => Effect === 'Allow');

describe('by EventBridge', () => {
  test('a rule sends what changes in the bucket to the queue', () => {
    const template = templateOf([{ events: ChangeEvents.EVENTBRIDGE }]);
    const { EventPattern, Targets, State } = only(template, 'AWS::Events::Rule');
    expect(EventPattern).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created', 'Object Deleted'],
      detail: { bucket: { name: ['site-a'] } },
    });
    expect(State).toBe('ENABLED');
    expect(Targets).toEqual([
      expect.objectContaining({ Arn: { 'Fn::GetAtt': [expect.stringMatching(/^InvalidatorQueue/), 'Arn'] } }),
    ]);
  });

  test('only this rule of this account may send', () => {
    const template = templateOf([{ events: ChangeEvents.EVENTBRIDGE }]);
    const [rule] = Object.keys(template.findResources('AWS::Events::Rule'));
    expect(allowedToSend(template).filter(({ Resource }) => !/Undelivered/.test(JSON.stringify(Resource)))).toEqual([
      expect.objectContaining({
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Condition: {
          ArnEquals: { 'aws:SourceArn': [{ 'Fn::GetAtt': [rule, 'Arn'] }] },
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        },
      }),
    ]);
  });

  test('what cannot be delivered is kept, apart from the dead letters, and only the rule may send it', () => {
    const template = templateOf([{ events: ChangeEvents.EVENTBRIDGE }]);
    const [rule] = Object.keys(template.findResources('AWS::Events::Rule'));
    const { Targets } = only(template, 'AWS::Events::Rule') as { Targets: { DeadLetterConfig: unknown }[] };
    const arn = { 'Fn::GetAtt': [expect.stringMatching(/^InvalidatorUndeliveredEvents/), 'Arn'] };
    expect(Targets.map(({ DeadLetterConfig }) => DeadLetterConfig)).toEqual([{ Arn: arn }]);
    expect(allowedToSend(template)).toContainEqual(
      expect.objectContaining({
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Resource: arn,
        Condition: expect.objectContaining({ ArnEquals: { 'aws:SourceArn': [{ 'Fn::GetAtt': [rule, 'Arn'] }] } }),
      }),
    );
    const [queue = ''] = Object.keys(template.findResources('AWS::SQS::Queue')).filter((id) => /Undelivered/.test(id));
    template.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * 24 * 3600 });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });

  test('a bucket of the app has it switched on', () => {
    const template = templateOf((stack) => [{ bucket: new Bucket(stack, 'Own'), events: ChangeEvents.EVENTBRIDGE }]);
    const { NotificationConfiguration } = only(template, 'Custom::S3BucketNotifications');
    expect(NotificationConfiguration).toEqual({ EventBridgeConfiguration: {} });
  });

  test('the configuration of an imported bucket is not touched', () => {
    templateOf([{ events: ChangeEvents.EVENTBRIDGE }]).resourceCountIs('Custom::S3BucketNotifications', 0);
  });

  test('a prefix narrows the rule', () => {
    const prefixes = ['docs/', 'img/', 'docs/a'].map(
      (prefix): Origin => ({ events: ChangeEvents.EVENTBRIDGE, prefix }),
    );
    expect(patternsOf(templateOf(prefixes))).toEqual([
      expect.objectContaining({
        detail: { bucket: { name: ['site-a'] }, object: { key: [{ prefix: 'docs/' }, { prefix: 'img/' }] } },
      }),
    ]);
  });

  test('some buckets may use it, and others not', () => {
    const template = templateOf((stack) => [
      {},
      { bucket: Bucket.fromBucketName(stack, 'Other', 'site-b'), events: ChangeEvents.EVENTBRIDGE },
    ]);
    expect(notified(template)).toHaveLength(1);
    expect(patternsOf(template)).toEqual([expect.objectContaining({ detail: { bucket: { name: ['site-b'] } } })]);
  });

  test('forty buckets fit into the policy of a queue, which holds twenty statements', () => {
    const template = templateOf((stack) =>
      Array.from({ length: 40 }, (_, at) => ({
        bucket: Bucket.fromBucketName(stack, `Bucket${at}`, `site-${at}`),
        events: ChangeEvents.EVENTBRIDGE,
      })),
    );
    template.resourceCountIs('AWS::Events::Rule', 40);
    // One for the queue, one for what cannot be delivered to it.
    expect(allowedToSend(template)).toHaveLength(2);
  });

  test('one bucket does not tell of an object both ways', () => {
    expect(() => templateOf([{ prefix: 'docs/' }, { prefix: 'docs/a/', events: ChangeEvents.EVENTBRIDGE }])).toThrow(
      `origins[1].events must be 'notifications', as of the other origin of this bucket with the same objects, but it is "eventbridge"`,
    );
    expect(() => templateOf([{ prefix: 'docs/' }, { prefix: 'img/', events: ChangeEvents.EVENTBRIDGE }])).not.toThrow();
  });
});

describe('the prefix', () => {
  const each = (prefix: string) => [Array(3).fill([prefix])];

  test.each<[string, Origin, string]>([
    ['is that of the origin path', { originPath: '/site' }, 'site/'],
    ['is none without one', {}, ''],
    ['may be narrower', { originPath: '/site', prefix: 'site/docs/' }, 'site/docs/'],
    ['need not be a folder', { prefix: 'docs/a' }, 'docs/a'],
    ['is written as S3 takes filters', { prefix: 'a b/ä+~' }, 'a+b/%C3%A4%2B%7E'],
  ])('%s', (_, origin, expected) => {
    expect(notified(templateOf([origin]))).toEqual(each(expected));
  });

  test('S3 refuses overlapping ones, so the widest covers the others', () => {
    const template = templateOf([
      { originPath: '/site', prefix: 'site/docs/' },
      { originPath: '/site' },
      { originPath: '/other' },
    ]);
    expect(notified(template)).toEqual([Array(3).fill(['site/', 'other/'])]);
  });

  test('is told to the function, where it is narrower than the origin path', () => {
    const template = templateOf([{ originPath: '/site', prefix: 'site/docs/' }, { originPath: '/site' }]);
    const { Variables } = only(template, 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' }).Environment as {
      Variables: Record<string, string>;
    };
    expect(JSON.parse(Variables.ORIGINS ?? '').map(({ prefix }: { prefix?: string }) => prefix)).toEqual([
      'site/docs/',
      undefined,
    ]);
  });

  test.each<[Origin, string]>([
    [{ prefix: '/docs/' }, 'without a slash in front or a wildcard, as "docs/", but it is "/docs/"'],
    [{ prefix: 'docs/*' }, 'but it is "docs/*"'],
    [{ prefix: 'a'.repeat(1025) }, 'origins[0].prefix must have at most 1024 bytes'],
    [{ prefix: '\ud800' }, 'origins[0].prefix must be well-formed Unicode'],
    [
      { originPath: '/site', prefix: 'docs/' },
      'origins[0].prefix must lie inside the origin path, so begin with "site/", but it is "docs/"',
    ],
    [{ originPath: '/site', prefix: 'site' }, 'but it is "site"'],
    [{ prefix: Fn.importValue('Prefix') }, 'origins[0].prefix must be known at synthesis'],
    [{ events: 'sns' as ChangeEvents }, `origins[0].events must be 'notifications' or 'eventbridge', but it is "sns"`],
  ])('%j is refused', (origin, message) => {
    expect(() => templateOf([origin])).toThrow(message);
  });
});

test.each(Object.values(ChangeEvents))('by %s, names may be known at deployment only', (events) => {
  const template = templateOf((stack) => {
    const name = new CfnParameter(stack, 'Name').valueAsString;
    const bucket: IBucket = Bucket.fromBucketName(stack, 'ByParameter', name);
    return [
      { bucket, distribution: existingDistribution(stack, Fn.importValue('DistributionId'), 'Imported'), events },
    ];
  });
  const { Variables } = only(template, 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' }).Environment as {
    Variables: { ORIGINS: { 'Fn::Join': [string, unknown[]] } };
  };
  expect(Variables.ORIGINS['Fn::Join'][1]).toEqual([
    '[{"bucket":"',
    { Ref: 'Name' },
    '","distribution":"',
    { 'Fn::ImportValue': 'DistributionId' },
    '"}]',
  ]);
});

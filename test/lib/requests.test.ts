import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ChangeEvents,
  CloudFrontInvalidator,
  type CloudFrontInvalidatorProps,
  type InvalidatorOrigin,
} from '../../lib';
import { quietly, said } from './distribution/said';
import { emptyStack, existingDistribution, only } from './templates';

quietly();

function made(
  props: (stack: ReturnType<typeof emptyStack>) => Partial<CloudFrontInvalidatorProps> = () => ({}),
  origin: Partial<InvalidatorOrigin> = {},
) {
  const stack = emptyStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  const invalidator = new CloudFrontInvalidator(stack, 'Invalidator', {
    origins: [{ bucket, distribution: existingDistribution(stack, 'E1AAAAAA'), ...origin }],
    ...props(stack),
  });
  return { stack, invalidator, template: () => Template.fromStack(stack) };
}

const variablesOf = (template: Template) =>
  (
    only(template, 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' }).Environment as {
      Variables: Record<string, string>;
    }
  ).Variables;

const sendersOf = (template: Template) =>
  Object.values(template.findResources('AWS::SQS::QueuePolicy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Principal }) => Principal?.Service === 'events.amazonaws.com');

describe('requests of other apps', () => {
  test('come by a rule of the default event bus, and what it cannot deliver is kept', () => {
    const template = made(() => ({ requests: true })).template();
    const { EventPattern, Targets, EventBusName } = only(template, 'AWS::Events::Rule');
    expect(EventPattern).toEqual({ 'detail-type': ['Invalidation Requested'] });
    expect(EventBusName).toBeUndefined();
    expect(Targets).toEqual([
      expect.objectContaining({
        Arn: { 'Fn::GetAtt': [expect.stringMatching(/^InvalidatorQueue/), 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^InvalidatorUndelivered/), 'Arn'] } },
      }),
    ]);
    expect(sendersOf(template)).toHaveLength(2);
    expect(variablesOf(template).REQUESTS).toBe('on');
    template.resourceCountIs('AWS::CloudWatch::Alarm', 9);
  });

  test('share the queue of what EventBridge gives up with the changes', () => {
    const template = made(() => ({ requests: true }), { events: ChangeEvents.EVENTBRIDGE }).template();
    template.resourceCountIs('AWS::Events::Rule', 2);
    template.resourceCountIs('AWS::SQS::Queue', 3);
    expect(sendersOf(template).map(({ Condition }) => Condition.ArnEquals['aws:SourceArn'].length)).toEqual([2, 2]);
  });

  test('come under a key, if EventBridge may use it', () => {
    const template = made((stack) => ({ requests: true, encryptionKey: new Key(stack, 'Key') })).template();
    expect(JSON.stringify(only(template, 'AWS::KMS::Key').KeyPolicy)).toContain('events.amazonaws.com');
  });

  test('are granted to a role', () => {
    const { stack, invalidator, template } = made(() => ({ requests: true }));
    invalidator.grantRequestInvalidations(
      new Role(stack, 'Shop', { assumedBy: new ServicePrincipal('ecs.amazonaws.com') }),
    );
    const policies = Object.values(template().findResources('AWS::IAM::Policy'));
    const [shop] = policies.filter(({ Properties }) => JSON.stringify(Properties.Roles).includes('Shop'));
    expect(shop?.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Action: expect.arrayContaining(['sqs:SendMessage']) }),
    ]);
  });

  test('are not there without the option, nor granted', () => {
    const { stack, invalidator, template } = made();
    const role = new Role(stack, 'Shop', { assumedBy: new ServicePrincipal('ecs.amazonaws.com') });
    expect(() => invalidator.grantRequestInvalidations(role)).toThrow(
      'Test/Invalidator: requests must be true to grant them, but it is false',
    );
    template().resourceCountIs('AWS::Events::Rule', 0);
    expect(variablesOf(template())).not.toHaveProperty('REQUESTS');
  });
});

describe('of an origin', () => {
  const originOf = (origin: Partial<InvalidatorOrigin>) =>
    JSON.parse(variablesOf(made(undefined, origin).template()).ORIGINS ?? '')[0];

  test('the viewer prefix and the tags are told to the function', () => {
    const aliases = [
      { pattern: 'i/{name}', tags: ['image:{name}'] },
      { pattern: '{name}', paths: ['/{name}'] },
    ];
    expect(originOf({ viewerPrefix: '/assets', aliases })).toMatchObject({ viewerPrefix: '/assets', aliases });
  });

  test.each<[Partial<InvalidatorOrigin>, string]>([
    [{ viewerPrefix: 'assets' }, 'origins[0].viewerPrefix must begin with a slash'],
    [{ viewerPrefix: '/assets/' }, 'origins[0].viewerPrefix must not end with a slash'],
    [{ aliases: [{ pattern: '{name}' }] }, 'origins[0].aliases[0].paths must be an array of paths, but it is missing'],
    [{ aliases: [{ pattern: '{a}', tags: ['x,{a}'] }] }, 'origins[0].aliases[0].tags[0] must be visible ASCII'],
    [{ aliases: [{ pattern: '{a}', tags: ['é'] }] }, 'visible ASCII'],
    [{ aliases: [{ pattern: '{a}', tags: ['#{a}'] }] }, 'must have no "#" in front'],
    [{ aliases: [{ pattern: '{a}', tags: ['{b}'] }] }, 'which has no {b}'],
    [{ aliases: [{ pattern: '{a}', tags: [''] }] }, 'must not be empty'],
    [{ aliases: [{ pattern: '{a}', tags: [`${'x'.repeat(257)}{a}`] }] }, 'at most 256 characters'],
    [{ exclude: ['!'] }, 'must be a glob of names'],
    [{ exclude: ['!/a'] }, 'must be a glob of names'],
  ])('%j is refused', (origin, message) => {
    expect(() => made(undefined, origin)).toThrow(message);
  });

  test.each<[string[], boolean]>([
    [['**'], true],
    [['!a', '**/*'], true],
    [['**', '!docs/**'], false],
    [['assets/**', '!assets/logo.png'], false],
    [[], false],
  ])('globs %j leave nothing to invalidate: %s', (exclude, isWarned) => {
    const found = said(made(undefined, { exclude }).stack).filter((each) => each.includes('excludes every object'));
    expect(found).toHaveLength(isWarned ? 1 : 0);
  });
});

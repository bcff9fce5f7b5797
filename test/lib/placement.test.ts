import { type App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { ChangeEvents, CloudFrontInvalidator, type InvalidatorOrigin } from '../../lib';
import { quietly } from './distribution/said';
import { emptyApp, existingDistribution } from './templates';

quietly();

const US = { account: '111111111111', region: 'us-east-1' };

function invalidator(stack: Stack, origin: Partial<InvalidatorOrigin> & { bucket: IBucket }) {
  const distribution = origin.distribution ?? existingDistribution(stack, 'E1AAAAAA');
  return new CloudFrontInvalidator(stack, 'Invalidator', { origins: [{ ...origin, distribution }] });
}

/** Synthesizes, as CDK finds circles only then; the types of each stack's resources. */
function typesOf(app: App): Record<string, string[]> {
  return Object.fromEntries(
    app
      .synth()
      .stacks.map(({ stackName, template }) => [
        stackName,
        Object.values(template.Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
      ]),
  );
}

const siteOf = (stack: Stack, bucket: IBucket) =>
  new Distribution(stack, 'Distribution', {
    defaultBehavior: { origin: S3BucketOrigin.withBucketDefaults(bucket) },
  });

describe('a bucket of another stack of the app', () => {
  test('is watched by EventBridge, switched on where the bucket is', () => {
    const app = emptyApp();
    const bucket = new Bucket(new Stack(app, 'Storage'), 'Bucket');
    const stack = new Stack(app, 'Site');
    invalidator(stack, { bucket, distribution: siteOf(stack, bucket), events: ChangeEvents.EVENTBRIDGE });
    const { Storage, Site } = typesOf(app);
    expect(Storage).toContain('Custom::S3BucketNotifications');
    expect(Site).not.toContain('Custom::S3BucketNotifications');
    expect(Site).toContain('AWS::Events::Rule');
  });

  test('cannot notify the queue, and is told what can be done', () => {
    const app = emptyApp();
    const bucket = new Bucket(new Stack(app, 'Storage'), 'Bucket');
    expect(() => invalidator(new Stack(app, 'Site'), { bucket })).toThrow(
      'origins[0].bucket must be in the stack of the invalidator, because its notifications and the queue need each other; set events to eventbridge, or create the invalidator in the bucket\'s stack, but it is "Storage/Bucket"',
    );
  });

  test('may notify the queue of a stack that is nested in its own', () => {
    const app = emptyApp();
    const parent = new Stack(app, 'Parent');
    const bucket = new Bucket(parent, 'Bucket');
    invalidator(new NestedStack(parent, 'Nested'), { bucket });
    expect(typesOf(app).Parent).toContain('Custom::S3BucketNotifications');
  });

  test.each(Object.values(ChangeEvents))('may be one that it has imported, by %s', (events) => {
    const app = emptyApp();
    const storage = new Stack(app, 'Storage');
    const bucket = Bucket.fromBucketName(storage, 'Bucket', 'site-a');
    const distribution = siteOf(storage, bucket);
    invalidator(new Stack(app, 'Site'), { bucket, distribution, events });
    const { Storage, Site } = typesOf(app);
    expect(Storage).toEqual(['AWS::CloudFront::Distribution']);
    expect(Site?.includes('Custom::S3BucketNotifications')).toBe(events === ChangeEvents.NOTIFICATIONS);
  });
});

test('a distribution of another stack is invalidated', () => {
  const app = emptyApp();
  const edge = new Stack(app, 'Edge');
  const distribution = siteOf(edge, Bucket.fromBucketName(edge, 'Bucket', 'site-a'));
  const stack = new Stack(app, 'Site');
  invalidator(stack, { bucket: new Bucket(stack, 'Bucket', { bucketName: 'site-a' }), distribution });
  const template = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(template).toMatch(/:distribution\/"?,\{"Fn::ImportValue":"Edge:/);
});

test('a distribution of a stack in another region is invalidated, with references across regions', () => {
  const app = emptyApp();
  const edge = new Stack(app, 'Edge', { env: US, crossRegionReferences: true });
  const distribution = siteOf(edge, Bucket.fromBucketName(edge, 'Bucket', 'site-a'));
  const stack = new Stack(app, 'Site', { env: { ...US, region: 'eu-west-1' }, crossRegionReferences: true });
  invalidator(stack, { bucket: new Bucket(stack, 'Bucket', { bucketName: 'site-a' }), distribution });
  expect(typesOf(app).Site).toContain('Custom::CrossRegionExportReader');
});

test('a distribution of another stack that needs the bucket of this one is refused', () => {
  const app = emptyApp();
  const stack = new Stack(app, 'Storage');
  const bucket = new Bucket(stack, 'Bucket');
  const distribution = siteOf(new Stack(app, 'Edge'), bucket);
  expect(() => invalidator(stack, { bucket, distribution, events: ChangeEvents.EVENTBRIDGE })).toThrow(
    /^Storage\/Invalidator: origins\[0\]\.distribution must not be in a stack that needs the stack of the invalidator.* in the distribution's stack, with events set to eventbridge, but it is "Edge\/Distribution"$/,
  );
});

test('if its stack is in another region, both messages lead to a third stack, where the invalidator can be', () => {
  const app = emptyApp();
  const inRegion = (id: string, region: string) =>
    new Stack(app, id, { env: { ...US, region }, crossRegionReferences: true });
  const storage = inRegion('Storage', 'eu-west-1');
  const bucket = new Bucket(storage, 'Bucket', { bucketName: 'site-a' });
  const edge = inRegion('Edge', 'us-east-1');
  const distribution = siteOf(edge, bucket);
  const origin = { bucket, distribution, events: ChangeEvents.EVENTBRIDGE };
  expect(() => invalidator(edge, origin)).toThrow('create the invalidator in a stack that is there');
  expect(() => invalidator(storage, origin)).toThrow(
    'create the invalidator in a third stack, in the region of the bucket, with events set to eventbridge',
  );
  const third = inRegion('Third', 'eu-west-1');
  new CloudFrontInvalidator(third, 'Third', { origins: [origin] });
  expect(() => app.synth()).not.toThrow();
});

test('a distribution of a stack that is nested in that of its bucket is invalidated', () => {
  const app = emptyApp();
  const stack = new Stack(app, 'Site');
  const bucket = new Bucket(stack, 'Bucket');
  invalidator(stack, { bucket, distribution: siteOf(new NestedStack(stack, 'Nested'), bucket) });
  expect(typesOf(app).Site).toContain('AWS::CloudFormation::Stack');
});

test('a distribution of another account is refused, known or created', () => {
  const app = emptyApp();
  const bucket = (stack: Stack) => Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  const other = new Stack(app, 'Other', { env: { ...US, account: '222222222222' } });
  const message =
    /^\w+\/Invalidator: origins\[0\]\.distribution must be in the account of the invalidator, 111111111111: .*no invalidator serves a bucket of account 111111111111 and a distribution of 222222222222: .* but it is "222222222222"$/;
  const one = new Stack(app, 'One', { env: US });
  expect(() =>
    invalidator(one, { bucket: bucket(one), distribution: existingDistribution(other, 'E1AAAAAA') }),
  ).toThrow(message);
  const two = new Stack(app, 'Two', { env: US });
  const distribution = new Distribution(other, 'Distribution', {
    defaultBehavior: { origin: new HttpOrigin('example.com') },
  });
  expect(() => invalidator(two, { bucket: bucket(two), distribution })).toThrow(message);
});

test('a bucket of another region is refused, and the way out is one', () => {
  const app = emptyApp();
  const bucketOf = (stack: Stack) =>
    Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'site-a', account: US.account, region: 'eu-west-1' });
  const stack = new Stack(app, 'Site', { env: US });
  expect(() => invalidator(stack, { bucket: bucketOf(stack) })).toThrow(
    'Site/Invalidator: origins[0].bucket must be in the account and the region of the invalidator, 111111111111 and us-east-1: S3 notifies no other; create the invalidator in a stack that is there, but it is "111111111111, eu-west-1"',
  );
  const there = new Stack(app, 'There', { env: { ...US, region: 'eu-west-1' } });
  expect(() => invalidator(there, { bucket: bucketOf(there) })).not.toThrow();
});

test('of a bucket and a distribution of two accounts it is said that no invalidator serves both, wherever it is', () => {
  const accounts = ['111111111111', '222222222222'];
  for (const account of accounts) {
    const app = emptyApp();
    const [one, two] = accounts.map((each) => new Stack(app, `Of${each}`, { env: { ...US, account: each } }));
    const bucket = Bucket.fromBucketName(one as Stack, 'Bucket', 'site-a');
    const distribution = existingDistribution(two as Stack, 'E1AAAAAA');
    const stack = new Stack(app, 'Site', { env: { ...US, account } });
    expect(() => invalidator(stack, { bucket, distribution, events: ChangeEvents.EVENTBRIDGE })).toThrow(
      /no invalidator serves a bucket of account 111111111111 and a distribution of 222222222222: serve the site from a bucket of the distribution's account/,
    );
  }
});

test('a message has no notation of tokens, where a region is not known', () => {
  const stack = new Stack(emptyApp(), 'Site', { env: { account: US.account } });
  const bucket = Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'site-a', account: '222222222222' });
  expect(() => invalidator(stack, { bucket })).toThrow('111111111111 and (AWS.Region): S3 notifies no other');
});

import { CfnOutput, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket, type CfnBucket, EventType, type IBucket, type NotificationKeyFilter } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { ChangeEvents, CloudFrontInvalidator, type InvalidatorOrigin } from '../../lib';
import { quietly, said } from './distribution/said';
import { emptyApp, emptyStack, existingDistribution } from './templates';

const KEEPS_OTHERS = '@aws-cdk/aws-s3:keepNotificationInImportedBucket';

quietly();

let made = 0;

function invalidator(scope: Construct, bucket: IBucket, origin: Partial<InvalidatorOrigin> = {}): void {
  const distribution = existingDistribution(scope, 'E1AAAAAA', `Distribution${++made}`);
  new CloudFrontInvalidator(scope, `Invalidator${made}`, {
    origins: [{ bucket, distribution, ...origin }],
    monitoring: false,
  });
}

function notify(bucket: IBucket, event: EventType, ...filters: NotificationKeyFilter[]): void {
  const queue = new Queue(Stack.of(bucket), `Other${++made}`);
  bucket.addEventNotification(event, new SqsDestination(queue), ...filters);
}

const ONCE = 'must have its notifications configured once, but ';
const TWICE = 'must not notify of the same objects twice, which S3 refuses: ';

describe('the same objects of a bucket told of twice are refused:', () => {
  test.each<[string, (bucket: IBucket, stack: Stack) => void, string]>([
    ['to two invalidators', (bucket, stack) => invalidator(stack, bucket, { prefix: 'docs/a' }), 'InvalidatorX/Queue'],
    ['to a queue of the app, for all objects', (bucket) => notify(bucket, EventType.OBJECT_CREATED), 'OtherX'],
    ['for one of the events', (bucket) => notify(bucket, EventType.OBJECT_REMOVED_DELETE), 'OtherX'],
    ['for an expiration', (bucket) => notify(bucket, EventType.LIFECYCLE_EXPIRATION_DELETE), 'OtherX'],
    [
      'by a prefix and a suffix',
      (bucket) => notify(bucket, EventType.OBJECT_CREATED_PUT, { prefix: 'docs/img/', suffix: '.jpg' }),
      'OtherX',
    ],
    ['by a suffix alone', (bucket) => notify(bucket, EventType.OBJECT_CREATED_PUT, { suffix: '.jpg' }), 'OtherX'],
  ])('%s', (_, another, destination) => {
    const stack = emptyStack();
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
    invalidator(stack, bucket, { prefix: 'docs/' });
    another(bucket, stack);
    const [message = ''] = said(stack);
    expect(message).toContain(`origins[0].bucket ${TWICE}Test/${destination.replace('X', String(made))}, for s3:`);
    expect(message).toContain('set events to eventbridge');
    expect(message).not.toContain('Token[');
  });

  test.each<[string, (bucket: IBucket, stack: Stack) => void]>([
    ['prefixes that do not overlap', (bucket, stack) => invalidator(stack, bucket, { prefix: 'img/' })],
    ['EventBridge', (bucket, stack) => invalidator(stack, bucket, { events: ChangeEvents.EVENTBRIDGE })],
    ['other objects', (bucket) => notify(bucket, EventType.OBJECT_CREATED, { prefix: 'img/' })],
    ['other events', (bucket) => notify(bucket, EventType.OBJECT_TAGGING)],
  ])('but not for %s', (_, another) => {
    const stack = new Stack(emptyApp({ [KEEPS_OTHERS]: true }), 'Test');
    const bucket = new Bucket(stack, 'Bucket');
    invalidator(stack, bucket, { prefix: 'docs/' });
    another(bucket, stack);
    expect(said(stack)).toEqual([]);
  });
});

describe('one bucket as two constructs of a stack is refused:', () => {
  test.each<[string, (stack: Stack) => [IBucket, IBucket]]>([
    [
      'imported by its name twice',
      (stack) => [Bucket.fromBucketName(stack, 'A', 'site-a'), Bucket.fromBucketName(stack, 'B', 'site-a')],
    ],
    [
      'by a name and an ARN',
      (stack) => [Bucket.fromBucketName(stack, 'A', 'site-a'), Bucket.fromBucketArn(stack, 'B', 'arn:aws:s3:::site-a')],
    ],
    [
      'owned, and imported by its name',
      (stack) => [new Bucket(stack, 'A', { bucketName: 'site-a' }), Bucket.fromBucketName(stack, 'B', 'site-a')],
    ],
    [
      'owned, and imported by its reference',
      (stack) => {
        const owned = new Bucket(stack, 'A');
        return [owned, Bucket.fromBucketName(stack, 'B', owned.bucketName)];
      },
    ],
    [
      'owned, and imported by its ARN',
      (stack) => {
        const owned = new Bucket(stack, 'A');
        return [owned, Bucket.fromBucketArn(stack, 'B', owned.bucketArn)];
      },
    ],
    [
      'by the same export twice',
      (stack) => [
        Bucket.fromBucketName(stack, 'A', Fn.importValue('SiteBucket')),
        Bucket.fromBucketName(stack, 'B', Fn.importValue('SiteBucket')),
      ],
    ],
    [
      'by the same parameter twice',
      (stack) => {
        const name = new CfnParameter(stack, 'Name');
        return [
          Bucket.fromBucketName(stack, 'A', name.valueAsString),
          Bucket.fromBucketName(stack, 'B', `${name.valueAsString}`),
        ];
      },
    ],
    [
      'by the same parameter of SSM twice',
      (stack) =>
        ['A', 'B'].map((id) =>
          Bucket.fromBucketName(
            stack,
            id,
            StringParameter.fromStringParameterAttributes(stack, `P${id}`, { parameterName: '/site' }).stringValue,
          ),
        ) as [IBucket, IBucket],
    ],
  ])('%s', (_, bucketsOf) => {
    const stack = emptyStack();
    for (const [at, bucket] of bucketsOf(stack).entries()) invalidator(stack, bucket, { prefix: `${at}/` });
    const [message = ''] = said(stack);
    expect(message).toContain(
      `[Test/Invalidator${made}] origins[0].bucket ${ONCE}Test/A/Notifications configures them, too`,
    );
    expect(message).toContain('create it or import it once');
  });

  test('and if one of them notifies another queue of the app, of other objects', () => {
    const stack = emptyStack();
    notify(new Bucket(stack, 'A', { bucketName: 'site-a' }), EventType.OBJECT_CREATED, { prefix: 'img/' });
    invalidator(stack, Bucket.fromBucketName(stack, 'B', 'site-a'), { prefix: 'docs/' });
    expect(said(stack)[0]).toContain(`${ONCE}Test/A/Notifications configures them, too`);
  });

  test("and if one has CloudFormation's own property", () => {
    const stack = emptyStack();
    const bucket = new Bucket(stack, 'A');
    const configuration = { event: 's3:ObjectCreated:*', queue: new Queue(stack, 'Other').queueArn };
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = { queueConfigurations: [configuration] };
    invalidator(stack, bucket);
    expect(said(stack)[0]).toContain(`${ONCE}Test/A configures them, too`);
    expect(said(stack)[0]).toContain(`${TWICE}Test/Other, for s3:ObjectCreated:* of {}, has them already`);
  });
});

describe('one bucket in two stacks of an app,', () => {
  function inTwoStacks(flags: Record<string, boolean>, origin: Partial<InvalidatorOrigin> = {}): string[] {
    const app = emptyApp(flags);
    const storage = new Stack(app, 'Storage');
    const bucket = new Bucket(storage, 'Bucket', { bucketName: 'site-a' });
    notify(bucket, EventType.OBJECT_CREATED, { prefix: 'img/' });
    const site = new Stack(app, 'Site');
    invalidator(site, Bucket.fromBucketName(site, 'Bucket', 'site-a'), { prefix: 'docs/', ...origin });
    return said(site);
  }

  test('of which one replaces what the other configures, is refused', () => {
    expect(inTwoStacks({})[0]).toContain(`${ONCE}Storage/Bucket/Notifications configures them, too`);
  });

  test.each<[string, Record<string, boolean>, Partial<InvalidatorOrigin>]>([
    ['that keeps those of others', { [KEEPS_OTHERS]: true }, {}],
    ['by EventBridge', {}, { events: ChangeEvents.EVENTBRIDGE }],
  ])('%s, is not', (_, flags, origin) => {
    expect(inTwoStacks(flags, origin).join()).not.toContain('Validation failed');
  });

  test('is known by the name under which the other exports it', () => {
    const app = emptyApp();
    const storage = new Stack(app, 'Storage');
    const bucket = new Bucket(storage, 'Bucket', { eventBridgeEnabled: true });
    new CfnOutput(storage, 'Name', { value: bucket.bucketName, exportName: 'SiteBucket' });
    const site = new Stack(app, 'Site');
    invalidator(site, Bucket.fromBucketName(site, 'Bucket', Fn.importValue('SiteBucket')));
    expect(said(site)[0]).toContain(`${ONCE}Storage/Bucket/Notifications configures them, too`);
  });

  test.each<[string, (stack: Stack) => string]>([
    ['export', () => Fn.importValue('SiteBucket')],
    ['parameter of SSM', (stack) => StringParameter.valueForStringParameter(stack, '/site')],
  ])('by an %s of the same name, is another in another region', (_, nameOf) => {
    const app = emptyApp();
    const stacks = ['eu-west-1', 'us-east-1'].map((region) => {
      const stack = new Stack(app, region, { env: { account: '111111111111', region } });
      const storage = new Stack(app, `Storage-${region}`, { env: { account: '111111111111', region } });
      const { bucketName: value } = new Bucket(storage, 'Bucket');
      new CfnOutput(storage, 'Name', { value, exportName: 'SiteBucket' });
      invalidator(stack, Bucket.fromBucketName(stack, 'Bucket', nameOf(stack)));
      return stack;
    });
    for (const stack of stacks) expect(said(stack)).toEqual([]);
  });

  test('by an export of the same name, may be two, if the stacks may go anywhere', () => {
    const app = emptyApp();
    const stacks = ['Development', 'Production'].map((id) => {
      const storage = new Stack(app, `${id}Storage`);
      new CfnOutput(storage, 'Name', { value: new Bucket(storage, 'Bucket').bucketName, exportName: 'SiteBucket' });
      const stack = new Stack(app, id);
      invalidator(stack, Bucket.fromBucketName(stack, 'Bucket', Fn.importValue('SiteBucket')));
      return stack;
    });
    for (const stack of stacks) expect(said(stack)).toEqual([]);
  });

  test('if several invalidators of a stack import it from another, is told once where to send', () => {
    const app = emptyApp();
    const bucket = Bucket.fromBucketName(new Stack(app, 'Storage'), 'Bucket', 'site-a');
    const site = new Stack(app, 'Site');
    for (const prefix of ['a/', 'b/']) invalidator(site, bucket, { prefix });
    expect(said(site)).toEqual([]);
    Template.fromStack(site).resourceCountIs('Custom::S3BucketNotifications', 1);
  });
});

describe('EventBridge', () => {
  test.each([[['imported', 'owned']], [['owned', 'imported']]])(
    'is switched on for a bucket that origins have as %j',
    (order) => {
      const stack = emptyStack();
      const buckets: Record<string, IBucket> = {
        owned: new Bucket(stack, 'Owned', { bucketName: 'site-a' }),
        imported: Bucket.fromBucketName(stack, 'Imported', 'site-a'),
      };
      new CloudFrontInvalidator(stack, 'Invalidator', {
        origins: order.map((each, at) => ({
          bucket: buckets[each] as IBucket,
          distribution: existingDistribution(stack, `E${at}AAAAAA`),
          events: ChangeEvents.EVENTBRIDGE,
        })),
      });
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::Events::Rule', 1);
      template.hasResourceProperties('Custom::S3BucketNotifications', {
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      });
    },
  );

  test('of a bucket of the app replaces what other apps configured, which is warned of, unless a flag keeps that', () => {
    const warnings = [false, true].map((keeps) => {
      const stack = new Stack(emptyApp({ [KEEPS_OTHERS]: keeps }), 'Test');
      invalidator(stack, new Bucket(stack, 'Bucket'), { events: ChangeEvents.EVENTBRIDGE });
      return said(stack);
    });
    expect(warnings).toEqual([
      [
        expect.stringMatching(
          `: origins\\[0\\]\\.bucket, Test/Bucket, loses the notifications that other apps, or people, .*${KEEPS_OTHERS}`,
        ),
      ],
      [],
    ]);
  });

  test('of an imported bucket is checked by nobody, which is warned of, unless the app has it and switches it on', () => {
    const app = emptyApp();
    const stack = new Stack(app, 'Test');
    invalidator(stack, Bucket.fromBucketName(stack, 'Bucket', 'site-a'), { events: ChangeEvents.EVENTBRIDGE });
    const name = new CfnParameter(stack, 'Name').valueAsString;
    invalidator(stack, Bucket.fromBucketName(stack, 'Other', name), { events: ChangeEvents.EVENTBRIDGE });
    const known = new Stack(app, 'Known');
    new Bucket(new Stack(app, 'Storage'), 'Bucket', { bucketName: 'site-b', eventBridgeEnabled: true });
    invalidator(known, Bucket.fromBucketName(known, 'Bucket', 'site-b'), { events: ChangeEvents.EVENTBRIDGE });
    const warnings = said(stack);
    expect(warnings).toEqual([
      expect.stringContaining(': origins[0].bucket, site-a, is imported, so nobody checks'),
      expect.stringContaining(': origins[0].bucket, (a token), is imported, so nobody checks'),
    ]);
    expect(said(known)).toEqual([]);
  });
});

import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import picomatch from 'picomatch';
import { CloudFrontInvalidator, type CloudFrontInvalidatorProps } from '../../lib';
import { emptyStack, existingDistribution, only } from './templates';

const existingBucket = (scope: Construct, name: string): IBucket => Bucket.fromBucketName(scope, name, name);

function templateOf(props: (scope: Construct) => CloudFrontInvalidatorProps): Template {
  const stack = emptyStack();
  new CloudFrontInvalidator(stack, 'Invalidator', props(stack));
  return Template.fromStack(stack);
}

const withOption = (option: Partial<CloudFrontInvalidatorProps>) =>
  templateOf((scope) => ({
    origins: [{ bucket: existingBucket(scope, 'site-a'), distribution: existingDistribution(scope, 'E1AAAAAA') }],
    ...option,
  }));

test('several buckets and distributions share one queue and one function', () => {
  const template = templateOf((scope) => {
    const [siteA, siteB] = [existingBucket(scope, 'site-a'), existingBucket(scope, 'site-b')];
    const [one, two] = [existingDistribution(scope, 'E1AAAAAA'), existingDistribution(scope, 'E2BBBBBB')];
    return {
      origins: [
        { bucket: siteA, distribution: one, originPath: '/en' },
        { bucket: siteA, distribution: two },
        { bucket: siteB, distribution: two },
      ],
    };
  });
  template.resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
  template.resourceCountIs('AWS::SQS::Queue', 2);
  // Each bucket is told once where to send, however many distributions serve it.
  const buckets = Object.values(template.findResources('Custom::S3BucketNotifications'));
  expect(buckets.map(({ Properties }) => Properties.BucketName)).toEqual(['site-a', 'site-b']);
  for (const { Properties } of buckets) {
    expect(Properties.NotificationConfiguration.QueueConfigurations).toHaveLength(3);
  }
  const { Variables } = only(template, 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' }).Environment as {
    Variables: Record<string, string>;
  };
  expect(JSON.parse(Variables.ORIGINS ?? '')).toEqual([
    { bucket: 'site-a', distribution: 'E1AAAAAA', path: '/en' },
    { bucket: 'site-a', distribution: 'E2BBBBBB' },
    { bucket: 'site-b', distribution: 'E2BBBBBB' },
  ]);
  const { Statement } = only(template, 'AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 's3:ListBucket' })]) },
  }).PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] };
  const granted = JSON.stringify(Statement.filter(({ Action }) => Action.includes('cloudfront:CreateInvalidation')));
  expect(granted.match(/distribution\/\w+/g)).toEqual(['distribution/E1AAAAAA', 'distribution/E2BBBBBB']);
});

test('its options are where they belong', () => {
  const template = withOption({
    maxBatchingWindow: Duration.minutes(2),
    indexDocument: 'none',
    logRetention: RetentionDays.ONE_WEEK,
  });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { MaximumBatchingWindowInSeconds: 120 });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ INDEX_DOCUMENT: '' }) },
  });
});

test.each<[Partial<CloudFrontInvalidatorProps>, string]>([
  [{ origins: [] }, 'origins must name at least one origin, but it is []'],
  [
    { maxBatchingWindow: Duration.seconds(301) },
    'maxBatchingWindow must be a whole number of seconds from 0 to 300, but it is 301',
  ],
  [
    { maxBatchingWindow: Duration.millis(1500) },
    'maxBatchingWindow must be a whole number of seconds from 0 to 300, but it is 1.5',
  ],
  [
    { indexDocument: '' },
    'indexDocument must be a file name without a slash, such as "index.html", or "none", but it is ""',
  ],
  [{ indexDocument: 'docs/index.html' }, 'but it is "docs/index.html"'],
])('%j is refused, with the option, the rule and the value', (option, message) => {
  expect(() => withOption(option)).toThrow(message);
});

test('forty buckets fit into the policy of a queue, which holds twenty statements', () => {
  const template = templateOf((scope) => {
    const distribution = existingDistribution(scope, 'E1AAAAAA');
    const names = Array.from({ length: 40 }, (_, at) => `site-${at}`);
    return { origins: names.map((name) => ({ bucket: existingBucket(scope, name), distribution })) };
  });
  const policies = Object.values(template.findResources('AWS::SQS::QueuePolicy'));
  for (const { Properties } of policies) expect(Properties.PolicyDocument.Statement.length).toBeLessThanOrEqual(2);
});

test('a bucket that is imported twice is told once where to send', () => {
  const template = templateOf((scope) => ({
    origins: ['E1AAAAAA', 'E2BBBBBB'].map((id, at) => ({
      bucket: Bucket.fromBucketName(scope, `Bucket${at}`, 'site-a'),
      distribution: existingDistribution(scope, id),
    })),
  }));
  template.resourceCountIs('Custom::S3BucketNotifications', 1);
});

test('more origins than the environment of a function holds are refused', () => {
  const manyOrigins = (scope: Construct) => ({
    origins: Array.from({ length: 60 }, (_, at) => ({
      bucket: existingBucket(scope, `a-bucket-with-a-name-${at}`),
      distribution: existingDistribution(scope, `E1234567890${100 + at}`),
    })),
  });
  expect(() => templateOf(manyOrigins)).toThrow(
    "origins must fit, with all their globs and aliases, into the 4096 bytes of the function's environment, as JSON in JSON; use two invalidators",
  );
});

test.each([
  ['/a//b', 'without "?", "#", "*", "%", spaces or empty names'],
  ['/a*', 'without "?", "#", "*", "%", spaces or empty names'],
  ['/a%20b', 'without "?", "#", "*", "%", spaces or empty names'],
  ['site', 'origins[0].originPath must begin with a slash, such as "/site", but it is "site"'],
  ['/site/', 'origins[0].originPath must not end with a slash; leave it out for none, but it is "/site/"'],
  ['/', 'origins[0].originPath must not end with a slash; leave it out for none, but it is "/"'],
])('the origin path %s is refused', (originPath, message) => {
  expect(() =>
    templateOf((scope) => ({
      origins: [
        { bucket: existingBucket(scope, 'site-a'), distribution: existingDistribution(scope, 'E1AAAAAA'), originPath },
      ],
    })),
  ).toThrow(message);
});

test('excluded objects are named to the function', () => {
  const template = templateOf((scope) => ({
    origins: [
      {
        bucket: existingBucket(scope, 'site-a'),
        distribution: existingDistribution(scope, 'E1AAAAAA'),
        exclude: ['assets/**'],
      },
    ],
  }));
  const { Variables } = only(template, 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' }).Environment as {
    Variables: Record<string, string>;
  };
  expect(JSON.parse(Variables.ORIGINS ?? '')).toMatchObject([{ exclude: ['assets/**'] }]);
});

test.each(['', '/assets/**', 'assets/'])('the glob %j is refused', (glob) => {
  expect(() =>
    templateOf((scope) => ({
      origins: [
        {
          bucket: existingBucket(scope, 'site-a'),
          distribution: existingDistribution(scope, 'E1AAAAAA'),
          exclude: [glob],
        },
      ],
    })),
  ).toThrow(
    `origins[0].exclude must be a glob of names without a slash in front or at the end: "assets/**", but it is "${glob}"`,
  );
});

const withGlob = (glob: string) =>
  templateOf((scope) => ({
    origins: [
      {
        bucket: existingBucket(scope, 'site-a'),
        distribution: existingDistribution(scope, 'E1AAAAAA'),
        exclude: [glob],
      },
    ],
  }));

test.each(['img/*-*-*.png', '**/a/**/b/**', 'a{b*c*,d*}', '+(a|b)', '!(a*)'])(
  'the glob %s, which a long key could keep busy, is refused',
  (glob) => {
    expect(() => withGlob(glob)).toThrow(
      `origins[0].exclude must have at most two "**", two "*" between slashes, and no "("`,
    );
  },
);

test.each(['**/*-*.{js,css}', 'a-*/b-*/c-*/d-*', '**/a/**/b*c*', '**/[a-f]*[0-9]*.js'])(
  'the glob %s is taken, for no key of S3 keeps it busy',
  (glob) => {
    withGlob(glob);
    const matches = picomatch(glob, { dot: true });
    // Of a regular expression that is as slow as can be, this would not end.
    for (const unit of ['-', 'a', 'a/', '-/', 'a-', '0a', 'a/b']) matches(unit.repeat(1024).slice(0, 1024));
  },
);

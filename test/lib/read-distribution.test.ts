import { Template } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CloudFrontInvalidator, type CloudFrontInvalidatorProps, type InvalidatorOrigin } from '../../lib';
import { emptyStack, existingDistribution, only } from './templates';

type Options = Omit<Partial<CloudFrontInvalidatorProps>, 'origins'>;
type OriginOptions = Partial<Pick<InvalidatorOrigin, 'originPath' | 'queryStrings'>>;

/** An invalidator for one bucket behind two distributions that exist. */
function templateOf(options: Options = {}, ofOrigin: OriginOptions = {}): Template {
  const stack = emptyStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  const origins = ['E1AAAAAA', 'E2BBBBBB'].map((id) => ({
    bucket,
    distribution: existingDistribution(stack, id),
    ...ofOrigin,
  }));
  new CloudFrontInvalidator(stack, 'Invalidator', { origins, monitoring: false, ...options });
  return Template.fromStack(stack);
}

function variablesOf(template: Template): Record<string, string> {
  const { Environment } = only(template, 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' });
  return (Environment as { Variables: Record<string, string> }).Variables;
}

/** What the function's role may do with CloudFront, and on what. */
function allowed(template: Template): [action: string, resource: string][] {
  const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[],
  );
  return statements.flatMap(({ Action, Resource }) =>
    [Action]
      .flat()
      .filter((action) => action.startsWith('cloudfront:'))
      .flatMap((action) => [Resource].flat().map((arn): [string, string] => [action, text(arn)])),
  );
}

function text(arn: unknown): string {
  const [, pieces] = (arn as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return pieces.map((piece) => (typeof piece === 'string' ? piece : `<${(piece as { Ref: string }).Ref}>`)).join('');
}

const ARN = 'arn:<AWS::Partition>:cloudfront::<AWS::AccountId>';
const READING = [
  ['cloudfront:GetCachePolicyConfig', `${ARN}:cache-policy/*`],
  ['cloudfront:GetDistributionConfig', `${ARN}:distribution/E1AAAAAA`],
  ['cloudfront:GetDistributionConfig', `${ARN}:distribution/E2BBBBBB`],
];
const INVALIDATING = [
  ['cloudfront:CreateInvalidation', `${ARN}:distribution/E1AAAAAA`],
  ['cloudfront:CreateInvalidation', `${ARN}:distribution/E2BBBBBB`],
];

test.each<[string, Options, string, string[][]]>([
  ['by default the function reads its distributions', {}, 'on', [...INVALIDATING, ...READING]],
  ['switched off, it does not, and may not', { readDistribution: false }, 'off', INVALIDATING],
  ['in a dry run it reads all the same', { dryRun: true }, 'on', READING],
  ['in a dry run, switched off, it may do nothing', { dryRun: true, readDistribution: false }, 'off', []],
])('%s', (_, options, value, expected) => {
  const template = templateOf(options);
  expect(variablesOf(template)).toMatchObject({ READ_DISTRIBUTION: value });
  expect(allowed(template).sort()).toEqual(expected);
});

test('a distribution of the app is read by its reference', () => {
  const stack = emptyStack();
  const bucket = new Bucket(stack, 'Bucket');
  const distribution = new Distribution(stack, 'Distribution', {
    defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(bucket) },
  });
  new CloudFrontInvalidator(stack, 'Invalidator', { origins: [{ bucket, distribution }], monitoring: false });
  const [id] = Object.keys(Template.fromStack(stack).findResources('AWS::CloudFront::Distribution'));
  expect(allowed(Template.fromStack(stack))).toContainEqual([
    'cloudfront:GetDistributionConfig',
    `${ARN}:distribution/<${id}>`,
  ]);
});

describe('of what the distribution says the function is told', () => {
  const told = (options: Options, ofOrigin: OriginOptions) => {
    const { ORIGINS = '', INDEX_DOCUMENT } = variablesOf(templateOf(options, ofOrigin));
    const [{ path, queryStrings }] = JSON.parse(ORIGINS);
    return { path, queryStrings, indexDocument: INDEX_DOCUMENT };
  };

  test('nothing, unless it is stated', () => {
    expect(told({}, {})).toEqual({});
  });

  test.each<[Options & OriginOptions, object]>([
    [{ originPath: '/site' }, { path: '/site' }],
    [{ originPath: '' }, { path: '' }],
    [{ queryStrings: true }, { queryStrings: true }],
    [{ queryStrings: false }, { queryStrings: false }],
    [{ indexDocument: 'home.html' }, { indexDocument: 'home.html' }],
    [{ indexDocument: 'none' }, { indexDocument: '' }],
  ])('%j, if it is stated', ({ originPath, queryStrings, ...options }, expected) => {
    expect(told(options, { originPath, queryStrings })).toEqual(expected);
  });
});

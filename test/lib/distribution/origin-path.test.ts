import { Aspects, Annotations as CdkAnnotations, type Stack } from 'aws-cdk-lib';
import {
  CfnDistribution,
  Function as CloudFrontFunction,
  type Distribution,
  FunctionCode,
  FunctionEventType,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { emptyStack } from '../templates';
import { invalidate, quietly, said, saidOf, site } from './said';

quietly();

describe('the origin path', () => {
  const behind = (originPath?: string) => (stack: Stack, bucket: Bucket) =>
    site(stack, S3BucketOrigin.withOriginAccessControl(bucket, { originPath }));

  test('that contradicts the distribution ends the synthesis, and the error says what it should be', () => {
    expect(saidOf({ originPath: '/site' }, behind('/other'))).toEqual([
      expect.stringContaining(
        '[Test/Invalidator] origins[0].originPath must be "/other", which is what the distribution Test/Distribution says for this bucket, or left out, but it is "/site"',
      ),
    ]);
    expect(saidOf({ originPath: '/site' }, behind())[0]).toContain('originPath must be "" (none), which is');
    expect(saidOf({ originPath: '' }, behind('/site'))[0]).toContain('must be "/site", which is');
  });

  test('that agrees is taken, and so is none', () => {
    expect(saidOf({ originPath: '/site' }, behind('/site'))).toEqual([]);
    expect(saidOf({}, behind('/site'))).toEqual([]);
    expect(saidOf({ originPath: '' }, behind())).toEqual([]);
  });

  test('may be any of several of the bucket, of a behavior that is added later, too', () => {
    const two = (stack: Stack, bucket: Bucket) => behind('/a')(stack, bucket);
    const stack = emptyStack();
    const bucket = new Bucket(stack, 'Bucket');
    const distribution = two(stack, bucket) as Distribution;
    invalidate(stack, bucket, distribution, { originPath: '/b' });
    distribution.addBehavior('/b/*', S3BucketOrigin.withOriginAccessControl(bucket, { originPath: '/b' }));
    expect(said(stack)).toEqual([]);
    expect(
      saidOf({ originPath: '/c' }, (scope, each) => {
        const made = two(scope, each) as Distribution;
        made.addBehavior('/b/*', S3BucketOrigin.withOriginAccessControl(each, { originPath: '/b' }));
        return made;
      })[0],
    ).toContain('must be "/a", "/b", which is');
  });

  test('is read with its overrides', () => {
    const overridden = (path: unknown) => (stack: Stack, bucket: Bucket) => {
      const distribution = behind('/site')(stack, bucket);
      const resource = distribution.node.defaultChild as CfnDistribution;
      resource.addPropertyOverride('DistributionConfig.Origins.0.OriginPath', path);
      return distribution;
    };
    expect(saidOf({ originPath: '/site' }, overridden('/other'))[0]).toContain('must be "/other"');
    expect(saidOf({ originPath: '/other' }, overridden('/other'))).toEqual([]);
    // Known at deployment only.
    expect(saidOf({ originPath: '/other' }, overridden({ 'Fn::ImportValue': 'Path' }))).toEqual([]);
  });

  test('may be one that a function puts in front of others: then it is a warning', () => {
    const rewriting = (code: string) => (stack: Stack, bucket: Bucket) =>
      site(stack, S3BucketOrigin.withOriginAccessControl(bucket), {
        defaultBehavior: {
          origin: S3BucketOrigin.withOriginAccessControl(bucket),
          functionAssociations: [
            {
              eventType: FunctionEventType.VIEWER_REQUEST,
              function: new CloudFrontFunction(stack, 'Rewrite', { code: FunctionCode.fromInline(code) }),
            },
          ],
        },
      });
    const found = saidOf({ originPath: '/v1' }, rewriting("event.request.uri = '/v1' + event.request.uri"));
    expect(found).toEqual([
      expect.stringMatching(/^\/Test\/Invalidator: origins\[0\]\.originPath must be "" \(none\)/),
    ]);
    expect(saidOf({ originPath: '/v1' }, rewriting('event.request.headers'))[0]).toContain('Validation failed');
  });

  test('that is left out is an error where the distribution has one and is not read', () => {
    expect(saidOf({ readDistribution: false }, behind('/site'))[0]).toContain(
      'origins[0].originPath must be "/site", which is what the distribution Test/Distribution says for this bucket, but it is missing',
    );
    expect(saidOf({ readDistribution: false }, behind())).toEqual([]);
  });
});

test('a warning is there once, and can be acknowledged', () => {
  const contradicting = () => {
    const stack = emptyStack();
    const bucket = new Bucket(stack, 'Bucket');
    const distribution = site(stack, S3BucketOrigin.withOriginAccessControl(bucket), { defaultRootObject: 'a.html' });
    invalidate(stack, bucket, distribution, { indexDocument: 'b.html' });
    return stack;
  };
  const twice = contradicting();
  expect(said(twice)).toHaveLength(1);
  expect(said(twice)).toHaveLength(1);
  const acknowledged = contradicting();
  CdkAnnotations.of(acknowledged).acknowledgeWarning('cloudfront-invalidator:indexDocument');
  expect(said(acknowledged)).toEqual([]);
});

test('what an aspect changes is seen', () => {
  const stack = emptyStack();
  const bucket = new Bucket(stack, 'Bucket');
  const distribution = site(stack, S3BucketOrigin.withOriginAccessControl(bucket, { originPath: '/site' }));
  invalidate(stack, bucket, distribution, { originPath: '/other' });
  Aspects.of(stack).add({
    visit(node) {
      if (node instanceof CfnDistribution) {
        node.addPropertyOverride('DistributionConfig.Origins.0.OriginPath', '/other');
      }
    },
  });
  expect(said(stack)).toEqual([]);
});

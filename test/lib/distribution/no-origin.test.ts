import { CfnParameter, Fn, ScopedAws, type Stack } from 'aws-cdk-lib';
import {
  type CfnDistribution,
  Function as CloudFrontFunction,
  Distribution,
  FunctionCode,
  FunctionEventType,
  type IDistribution,
  type IOrigin,
  LambdaEdgeEventType,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, OriginGroup, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { Version } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { emptyStack, existingDistribution } from '../templates';
import { invalidate, quietly, said, saidOf, site } from './said';

quietly();

const edgeFunction = (stack: Stack) =>
  Version.fromVersionArn(stack, 'Edge', 'arn:aws:lambda:us-east-1:111111111111:function:edge:1');

describe('a bucket that is no origin of the distribution', () => {
  const OTHERS: readonly [string, string, (stack: Stack) => IOrigin][] = [
    ['another of the app', 'Test/Other', (stack) => S3BucketOrigin.withOriginAccessControl(new Bucket(stack, 'Other'))],
    [
      'a website of another',
      'Test/Other',
      (stack) => new HttpOrigin(new Bucket(stack, 'Other').bucketWebsiteDomainName),
    ],
    [
      'an imported one',
      'site-b.s3.us-east-1.amazonaws.com',
      (stack) => S3BucketOrigin.withBucketDefaults(Bucket.fromBucketName(stack, 'Other', 'site-b')),
    ],
    [
      "an imported one of the stack's region",
      'site-b.s3.us-east-1.amazonaws.com',
      (stack) => new HttpOrigin(`site-b.s3.${new ScopedAws(stack).region}.amazonaws.com`),
    ],
    ['another server', 'example.com', () => new HttpOrigin('example.com')],
    [
      'a server of the app',
      'Test/Server',
      (stack) => new HttpOrigin(new CfnInstance(stack, 'Server').attrPublicDnsName),
    ],
    [
      'one of several',
      'site-c.s3.amazonaws.com, example.com',
      () =>
        new OriginGroup({
          primaryOrigin: new HttpOrigin('site-c.s3.amazonaws.com'),
          fallbackOrigin: new HttpOrigin('example.com'),
        }),
    ],
  ];

  test.each(OTHERS)('ends the synthesis where the origin is %s, and the error names it', (_, named, originOf) => {
    expect(saidOf({}, (stack) => site(stack, originOf(stack)))).toEqual([
      expect.stringContaining(
        `[Test/Invalidator] origins[0].bucket must be an origin of the distribution Test/Distribution, whose origins are ${named}; if one of them serves the bucket's objects, state aliases, but it is "Test/Bucket"`,
      ),
    ]);
  });

  test('an imported bucket is named by its name', () => {
    const stack = emptyStack();
    const distribution = site(stack, S3BucketOrigin.withOriginAccessControl(new Bucket(stack, 'Other')));
    invalidate(stack, Bucket.fromBucketName(stack, 'Bucket', 'site-a'), distribution);
    expect(said(stack)[0]).toContain(
      'whose origins are Test/Other; if one of them serves the bucket\'s objects, state aliases, but it is "site-a"',
    );
  });

  test('may become one after the invalidator is created', () => {
    const stack = emptyStack();
    const bucket = new Bucket(stack, 'Bucket');
    const distribution = site(stack, new HttpOrigin('example.com'));
    invalidate(stack, bucket, distribution);
    distribution.addBehavior('/static/*', S3BucketOrigin.withOriginAccessControl(bucket));
    expect(said(stack)).toEqual([]);
  });

  const UNDECIDED: Readonly<Record<string, (stack: Stack) => IDistribution>> = {
    'a domain that is a parameter': (stack) =>
      site(stack, new HttpOrigin(new CfnParameter(stack, 'Domain').valueAsString)),
    'a domain that another app exports': (stack) => site(stack, new HttpOrigin(Fn.importValue('Domain'))),
    'a condition': (stack) => site(stack, new HttpOrigin(Fn.conditionIf('C', 'a.example', 'b.example').toString())),
    'a condition on another bucket': (stack) => {
      const { bucketRegionalDomainName } = new Bucket(stack, 'Other');
      return site(stack, new HttpOrigin(Fn.conditionIf('C', bucketRegionalDomainName, 'b.example').toString()));
    },
    'text that CloudFormation substitutes': (stack) =>
      site(stack, new HttpOrigin(Fn.sub(['$', '{Site}.s3.amazonaws.com'].join('')))),
    'an access point': (stack) => site(stack, new HttpOrigin('site-abc-s3alias.s3.eu-west-1.amazonaws.com')),
    'a bucket in the path': (stack) => site(stack, new HttpOrigin('s3.eu-west-1.amazonaws.com', { originPath: '/b' })),
    'a name that may be the one to be generated': (stack) =>
      site(stack, new HttpOrigin('test-bucket83908e77-1x2y3z4a5b6c.s3.eu-west-1.amazonaws.com')),
    'a function of Lambda that may ask another origin': (stack) =>
      new Distribution(stack, 'Distribution', {
        defaultBehavior: {
          origin: new HttpOrigin('example.com'),
          edgeLambdas: [{ eventType: LambdaEdgeEventType.ORIGIN_REQUEST, functionVersion: edgeFunction(stack) }],
        },
      }),
    'a function of CloudFront that may': (stack) =>
      new Distribution(stack, 'Distribution', {
        defaultBehavior: {
          origin: new HttpOrigin('example.com'),
          functionAssociations: [
            {
              eventType: FunctionEventType.VIEWER_REQUEST,
              function: new CloudFrontFunction(stack, 'Switch', {
                code: FunctionCode.fromInline("cf.updateRequestOrigin({ domainName: 'a.example' })"),
              }),
            },
          ],
        },
      }),
    'origins that an override makes': (stack) => {
      const distribution = site(stack, new HttpOrigin('example.com'));
      const resource = distribution.node.defaultChild as CfnDistribution;
      resource.addPropertyOverride('DistributionConfig.Origins', { 'Fn::If': ['C', [], []] });
      return distribution;
    },
    'an imported distribution': (stack) => existingDistribution(stack, 'E1AAAAAA'),
  };

  test.each(Object.entries(UNDECIDED))('is left alone with %s', (_, distributionOf) => {
    expect(saidOf({ originPath: '/site', indexDocument: 'a.html', queryStrings: true }, distributionOf)).toEqual([]);
  });

  test('is left alone where aliases say how else its objects are served', () => {
    const aliases = [{ pattern: '{name}.jpg', paths: ['/resized/{name}-*'] }];
    expect(saidOf({ aliases }, (stack) => site(stack, new HttpOrigin('images.example.com')))).toEqual([]);
    expect(saidOf({ aliases: [] }, (stack) => site(stack, new HttpOrigin('images.example.com')))).toHaveLength(1);
  });
});

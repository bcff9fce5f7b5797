import { Fn, type Stack } from 'aws-cdk-lib';
import {
  Function as CloudFrontFunction,
  Distribution,
  FunctionCode,
  FunctionEventType,
  type IDistribution,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin, S3StaticWebsiteOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { emptyStack } from '../templates';
import { invalidate, type Options, quietly, said, saidOf, site } from './said';

quietly();

describe('the index document', () => {
  const rooted = (defaultRootObject?: string) => (stack: Stack, bucket: Bucket) =>
    site(stack, S3BucketOrigin.withOriginAccessControl(bucket), { defaultRootObject });
  const withFunction = (code: string) => (stack: Stack, bucket: Bucket) =>
    new Distribution(stack, 'Distribution', {
      defaultRootObject: 'home.html',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        functionAssociations: [
          {
            eventType: FunctionEventType.VIEWER_REQUEST,
            function: new CloudFrontFunction(stack, 'Folders', { code: FunctionCode.fromInline(code) }),
          },
        ],
      },
    });

  test.each([
    ['home.html', 'index.html'],
    ['none', 'index.html'],
  ])('%s against the root object %s is a warning', (indexDocument, rootObject) => {
    expect(saidOf({ indexDocument }, rooted(rootObject))).toEqual([
      `/Test/Invalidator: indexDocument is "${indexDocument}", but the default root object of the distribution Test/Distribution is "${rootObject}": leave it out [ack: cloudfront-invalidator:indexDocument]`,
    ]);
  });

  test('where nothing answers folders is a warning', () => {
    expect(saidOf({ indexDocument: 'index.html' }, rooted())[0]).toContain(
      'indexDocument is "index.html", but the distribution Test/Distribution answers no URLs of folders',
    );
  });

  test('of a function that rewrites to another is a warning', () => {
    expect(saidOf({ indexDocument: 'index.html' }, withFunction("request.uri += 'home.html'"))).toHaveLength(1);
    expect(saidOf({ indexDocument: 'index.html' }, withFunction("request.uri += 'index.html'"))).toEqual([]);
  });

  test.each<[string, Options, (stack: Stack, bucket: Bucket) => IDistribution]>([
    ['the root object itself', { indexDocument: 'index.html' }, rooted('index.html')],
    ['the root object, in a folder', { indexDocument: 'index.html' }, rooted('en/index.html')],
    ['none without a root object', { indexDocument: 'none' }, rooted()],
    ['nothing', {}, rooted('home.html')],
    [
      'that of a website',
      { indexDocument: 'index.html' },
      (stack) => {
        const bucket = new Bucket(stack, 'Website', { websiteIndexDocument: 'index.html', publicReadAccess: false });
        return new Distribution(stack, 'Distribution', {
          defaultBehavior: { origin: new S3StaticWebsiteOrigin(bucket) },
          additionalBehaviors: {},
        });
      },
    ],
    [
      'that of an imported website',
      { indexDocument: 'index.html' },
      (stack) => {
        const bucket = Bucket.fromBucketName(stack, 'Website', 'site-a');
        return site(stack, new HttpOrigin(bucket.bucketWebsiteDomainName));
      },
    ],
    [
      'the page of a single-page application',
      { indexDocument: 'index.html' },
      (stack, bucket) =>
        site(stack, S3BucketOrigin.withOriginAccessControl(bucket), {
          errorResponses: [{ httpStatus: 403, responseHttpStatus: 200, responsePagePath: '/index.html' }],
        }),
    ],
    [
      'a root object of another origin',
      { indexDocument: 'index.html' },
      (stack, bucket) =>
        site(stack, new HttpOrigin('example.com'), {
          defaultRootObject: 'app.html',
          additionalBehaviors: { '/docs/*': { origin: S3BucketOrigin.withOriginAccessControl(bucket) } },
        }),
    ],
    [
      'a root object that is known at deployment only',
      { indexDocument: 'index.html' },
      (stack, bucket) => rooted(Fn.importValue('Root'))(stack, bucket),
    ],
  ])('may be %s', (_, options, distributionOf) => {
    const stack = emptyStack();
    const own = new Bucket(stack, 'Bucket');
    const distribution = distributionOf(stack, own);
    const bucket = (stack.node.tryFindChild('Website') as Bucket | undefined) ?? own;
    invalidate(stack, bucket, distribution, options);
    expect(said(stack)).toEqual([]);
  });
});

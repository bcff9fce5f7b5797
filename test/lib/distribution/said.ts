import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Distribution, type DistributionProps, type IDistribution, type IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { CloudFrontInvalidator, type CloudFrontInvalidatorProps, type InvalidatorOrigin } from '../../../lib';
import { emptyStack } from '../templates';

export type Options = Partial<InvalidatorOrigin> & Omit<Partial<CloudFrontInvalidatorProps>, 'origins'>;

export function invalidate(stack: Stack, bucket: IBucket, distribution: IDistribution, options: Options = {}): void {
  const { tenant, originPath, queryStrings, aliases, events, ...others } = options;
  const origin = { bucket, distribution, tenant, originPath, queryStrings, aliases, events };
  new CloudFrontInvalidator(stack, 'Invalidator', { origins: [origin], monitoring: false, ...others });
}

/** What the synthesis of a stack says: its error, or its warnings. */
export function said(stack: Stack): string[] {
  try {
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('cloudfront-invalidator:'))
      .map(({ id, entry }) => `${id}: ${String(entry.data)}`);
  } catch (error) {
    return [String(error)];
  }
}

export const site = (stack: Stack, origin: IOrigin, props: Partial<DistributionProps> = {}) =>
  new Distribution(stack, 'Distribution', { ...props, defaultBehavior: { origin, ...props.defaultBehavior } });

/** A site of one bucket, and what its synthesis says. */
export function saidOf(
  options: Options,
  distributionOf: (stack: Stack, bucket: Bucket) => IDistribution = (stack, bucket) =>
    site(stack, S3BucketOrigin.withOriginAccessControl(bucket)),
): string[] {
  const stack = emptyStack();
  const bucket = new Bucket(stack, 'Bucket');
  invalidate(stack, bucket, distributionOf(stack, bucket), options);
  return said(stack);
}

/** CDK prints the warnings that are looked for, and that CloudFrontWebDistribution is deprecated, which apps still have. */
export function quietly(): void {
  beforeAll(() => {
    for (const method of ['error', 'warn'] as const) jest.spyOn(console, method).mockImplementation(() => undefined);
  });
  afterAll(() => jest.restoreAllMocks());
}

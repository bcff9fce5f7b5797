import { CfnResource, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { CfnDistribution, IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { OptionError } from '../options/option-error';
import type { ChangeEvents } from '../options/origin';
import { isOwned, isWithin } from './ownership';

/**
 * Checks what CloudFormation, S3 and CloudFront require of where an origin is. CDK, or the deployment, would fail in the end,
 * but neither says what to do instead.
 *
 * @param option such as `origins[0]`
 * @throws OptionError when a bucket or a distribution is where it cannot be served from the invalidator's stack
 */
export function checkPlacement(
  scope: Construct,
  { bucket, distribution, events }: { bucket: IBucket; distribution: IDistribution; events: ChangeEvents },
  option: string,
): void {
  const stack = Stack.of(scope);
  if (different(bucket.env.account, stack.account) || different(bucket.env.region, stack.region)) {
    throw new OptionError(
      `${option}.bucket`,
      `must be in the account and the region of the invalidator, ${stack.account} and ${stack.region}: S3 notifies no other; create the invalidator there`,
      `${bucket.env.account}, ${bucket.env.region}`,
    );
  }
  if (different(distribution.env.account, stack.account)) {
    throw new OptionError(
      `${option}.distribution`,
      `must be in the account of the invalidator, ${stack.account}: CloudFront takes invalidations from no other; create the invalidator in that account, with events: 'eventbridge', and forward the bucket's events to its event bus`,
      distribution.env.account,
    );
  }
  if (events === 'notifications' && isOwned(bucket) && !isWithin(stack, Stack.of(bucket))) {
    throw new OptionError(
      `${option}.bucket`,
      `must be in the stack of the invalidator, because its notifications and the queue need each other; set events: 'eventbridge', or create the invalidator in the bucket's stack`,
      bucket.node.path,
    );
  }
  if (!isWithin(Stack.of(distribution), stack) && Stack.of(bucket) === stack && needs(distribution, bucket)) {
    throw new OptionError(
      `${option}.distribution`,
      `must not be in a stack that needs the stack of the invalidator, because the function needs the distribution; create the invalidator in the distribution's stack, with events: 'eventbridge'`,
      distribution.node.path,
    );
  }
}

/** As far as it is known at synthesis. */
function different(a: string, b: string): boolean {
  return Token.compareStrings(a, b) === TokenComparison.DIFFERENT;
}

/** Whether a distribution of this app names a bucket of this app, so that it is created after it. */
function needs(distribution: IDistribution, bucket: IBucket): boolean {
  const [from, to] = [distribution.node.defaultChild, bucket.node.defaultChild];
  // CfnDistribution.isCfnDistribution is not in every CDK that the package takes.
  if (!isDistribution(from) || !CfnResource.isCfnResource(to)) return false;
  const configuration = JSON.stringify(Stack.of(from).resolve(from.distributionConfig));
  return configuration.includes(JSON.stringify(Stack.of(to).getLogicalId(to)));
}

function isDistribution(construct: IConstruct | undefined): construct is CfnDistribution {
  return CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::CloudFront::Distribution';
}

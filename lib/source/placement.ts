import { Stack } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ChangeEvents } from '../change-events';
import type { CheckedOrigin } from '../options/origin';
import { isDifferent, keep } from '../options/rules';
import { isOwned, isWithin } from '../ownership';
import { isOfType, makeRendering } from '../synthesis/rendering';

/**
 * Checks what CloudFormation, S3 and CloudFront require of where an origin is. CDK, or the deployment, would fail in the end,
 * but neither says what to do instead.
 *
 * @throws OptionError when a bucket or a distribution is where it cannot be served from the invalidator's stack
 */
export function checkPlacement(scope: Construct, { bucket, distribution, events, option }: CheckedOrigin): void {
  const stack = Stack.of(scope);
  const areApart = isDifferent(bucket.env.account, distribution.env.account);
  const create = areApart
    ? `no invalidator serves a bucket of account ${bucket.env.account} and a distribution of ${distribution.env.account}: serve the site from a bucket of the distribution's account, which S3 can replicate yours to; a distribution that is imported counts as of the account of the stack that imports it`
    : 'create the invalidator in a stack that is there';
  keep(`${bucket.env.account}, ${bucket.env.region}`, `${option}.bucket`, [
    !isDifferent(bucket.env.account, stack.account) && !isDifferent(bucket.env.region, stack.region),
    `must be in the account and the region of the invalidator, ${stack.account} and ${stack.region}: S3 notifies no other; ${create}`,
  ]);
  keep(distribution.env.account, `${option}.distribution`, [
    !isDifferent(distribution.env.account, stack.account),
    `must be in the account of the invalidator, ${stack.account}: CloudFront takes invalidations from no other; ${create}`,
  ]);
  keep(bucket.node.path, `${option}.bucket`, [
    events === ChangeEvents.EVENTBRIDGE || !isOwned(bucket) || isWithin(stack, Stack.of(bucket)),
    `must be in the stack of the invalidator, because its notifications and the queue need each other; set events to eventbridge, or create the invalidator in the bucket's stack`,
  ]);
  const isFar = isDifferent(distribution.env.region, stack.region);
  const third = isFar ? 'a third stack, in the region of the bucket' : "the distribution's stack";
  keep(distribution.node.path, `${option}.distribution`, [
    isWithin(Stack.of(distribution), stack) || Stack.of(bucket) !== stack || !needs(distribution, bucket),
    `must not be in a stack that needs the stack of the invalidator, because the function needs the distribution; create the invalidator in ${third}, with events set to eventbridge`,
  ]);
}

/** Whether a distribution of this app names a bucket of this app, so that it is created after it. */
function needs({ node: { defaultChild: from } }: IDistribution, { node: { defaultChild: to } }: IBucket): boolean {
  if (!isOfType(from, 'AWS::CloudFront::Distribution') || !to) return false;
  const rendering = makeRendering();
  return rendering.targetsIn(rendering.properties(from)).includes(to);
}

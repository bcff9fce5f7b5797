import { Stack } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';

/**
 * Lets a role read the configuration of distributions. Which cache policies they have may change at any time, so it may read all of
 * the account: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
 */
export function grantRead(distributions: readonly IDistribution[], role: Role): void {
  for (const distribution of distributions) distribution.grant(role, 'cloudfront:GetDistributionConfig');
  const policies = { service: 'cloudfront', region: '', resource: 'cache-policy', resourceName: '*' };
  role.addToPolicy(
    new PolicyStatement({
      actions: ['cloudfront:GetCachePolicyConfig'],
      resources: [Stack.of(role).formatArn(policies)],
    }),
  );
}

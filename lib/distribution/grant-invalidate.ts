import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { InvalidatorOrigin } from '../props';

/**
 * Lets a role invalidate what origins name, and nothing else: a distribution where an origin names no tenant, and the tenants.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
 */
export function grantInvalidate(
  origins: readonly Pick<InvalidatorOrigin, 'distribution' | 'tenant'>[],
  role: Role,
): void {
  const themselves = origins.filter(({ tenant }) => !tenant).map(({ distribution }) => distribution);
  const byId = new Map(themselves.map((each) => [each.distributionId, each]));
  for (const distribution of byId.values()) distribution.grantCreateInvalidation(role);
  const tenants = [...new Set(origins.flatMap(({ tenant }) => tenant ?? []))];
  if (tenants.length === 0) return;
  const arnOf = (tenant: string) =>
    Stack.of(role).formatArn({
      service: 'cloudfront',
      region: '',
      resource: 'distribution-tenant',
      resourceName: tenant,
    });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['cloudfront:CreateInvalidationForDistributionTenant'],
      resources: tenants.map(arnOf),
    }),
  );
}

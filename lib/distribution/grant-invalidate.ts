import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { InvalidatorOrigin } from '../props';

type Targets = readonly Pick<InvalidatorOrigin, 'distribution' | 'tenant'>[];

/** Lets a role invalidate what origins name, and nothing else. */
export function grantInvalidate(origins: Targets, role: Role): void {
  grantOnTargets(origins, role, 'cloudfront:CreateInvalidation');
}

/**
 * Grants an action on what origins name: on a distribution where one names no tenant, and its like on the tenants.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
 */
export function grantOnTargets(origins: Targets, role: Role, action: string): void {
  const themselves = origins.filter(({ tenant }) => !tenant).map(({ distribution }) => distribution);
  const byId = new Map(themselves.map((each) => [each.distributionId, each]));
  for (const distribution of byId.values()) distribution.grant(role, action);
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
      actions: [`${action}ForDistributionTenant`],
      resources: tenants.map(arnOf),
    }),
  );
}

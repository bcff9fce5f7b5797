import {
  type CloudFrontClient,
  GetInvalidationCommand,
  GetInvalidationForDistributionTenantCommand,
} from '@aws-sdk/client-cloudfront';
import type { Target } from '../contract/target';

/**
 * Whether an invalidation is completed.
 *
 * @throws Error when CloudFront does not say
 */
export async function isCompleted(
  client: CloudFrontClient,
  { distribution, tenant }: Target,
  invalidationId: string,
  abortSignal: AbortSignal,
): Promise<boolean> {
  const Id = invalidationId;
  const { Invalidation } = await (tenant === undefined
    ? client.send(new GetInvalidationCommand({ DistributionId: distribution, Id }), { abortSignal })
    : client.send(new GetInvalidationForDistributionTenantCommand({ DistributionTenantId: tenant, Id }), {
        abortSignal,
      }));
  if (Invalidation?.Status === undefined) throw new Error('CloudFront answered without naming a status');
  return Invalidation.Status === 'Completed';
}

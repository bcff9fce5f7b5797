import { type CloudFrontClient, GetInvalidationCommand } from '@aws-sdk/client-cloudfront';

/**
 * Whether an invalidation is completed.
 *
 * @throws Error when CloudFront does not say
 */
export async function isCompleted(
  client: CloudFrontClient,
  distribution: string,
  invalidationId: string,
  abortSignal: AbortSignal,
): Promise<boolean> {
  const command = new GetInvalidationCommand({ DistributionId: distribution, Id: invalidationId });
  const { Invalidation } = await client.send(command, { abortSignal });
  if (Invalidation?.Status === undefined) throw new Error('CloudFront answered without naming a status');
  return Invalidation.Status === 'Completed';
}

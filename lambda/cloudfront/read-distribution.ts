import {
  type CloudFrontClient,
  type DistributionConfig,
  GetCachePolicyConfigCommand,
  GetDistributionConfigCommand,
} from '@aws-sdk/client-cloudfront';
import { type CachePolicy, MANAGED_CACHE_POLICIES } from '../contract/cache-policies';
import type { Distribution } from '../distribution/distribution';
import { toCachePolicy, toDistribution } from '../distribution/from-config';

/**
 * Reads the configuration of a distribution, and the cache policies of its behaviors that are not CloudFront's own. A policy that
 * can not be read leaves open what it says.
 *
 * @param known the policies that were read before, by id: they count as long as they cannot be read again
 * @throws Error when the configuration cannot be read, or is none
 */
export async function readDistribution(
  client: CloudFrontClient,
  distribution: string,
  signal: AbortSignal,
  known: Map<string, CachePolicy> = new Map(),
): Promise<Distribution> {
  const options = { abortSignal: signal };
  const answer = await client.send(new GetDistributionConfigCommand({ Id: distribution }), options);
  const config: Partial<DistributionConfig> = answer.DistributionConfig ?? {};
  const behaviors = [config.DefaultCacheBehavior, ...(config.CacheBehaviors?.Items ?? [])];
  const ids = new Set(behaviors.flatMap((behavior) => behavior?.CachePolicyId ?? []));
  const policies = new Map<string, CachePolicy | undefined>(Object.entries(MANAGED_CACHE_POLICIES));
  await Promise.all(
    Array.from(ids, async (id) => {
      if (!policies.has(id)) policies.set(id, await readCachePolicy(id));
    }),
  );
  return toDistribution(config, (id) => policies.get(id));

  async function readCachePolicy(id: string): Promise<CachePolicy | undefined> {
    try {
      const { CachePolicyConfig } = await client.send(new GetCachePolicyConfigCommand({ Id: id }), options);
      if (CachePolicyConfig) known.set(id, toCachePolicy(CachePolicyConfig));
    } catch {
      // What it said before is more than nothing.
    }
    return known.get(id);
  }
}

import type { CachePolicyConfig, DistributionConfig } from '@aws-sdk/client-cloudfront';
import { MANAGED_CACHE_POLICIES } from '../../lambda/contract/cache-policies';

/** A distribution's configuration in the API's form, as much of it as somebody gives. */
export type Configuration = Partial<DistributionConfig>;

/** By the id of the distribution. */
export type Configurations = Record<string, Configuration>;

/** By the id of the cache policy. */
export type CachePolicies = Record<string, CachePolicyConfig>;

/** CloudFront's managed policy that caches by path alone. */
export const CACHING_OPTIMIZED = managedPolicyId('CachingOptimized');

/** The managed policy that caches by path and query string. */
export const CACHING_BY_QUERY_STRING = managedPolicyId('UseOriginCacheControlHeaders-QueryStrings');

/** The managed policy that caches nothing. */
export const CACHING_DISABLED = managedPolicyId('CachingDisabled');

/** A cache policy by its id: the given ones and the managed ones. */
export function cachePolicyOf(given: CachePolicies, id: string): CachePolicyConfig | undefined {
  return Object.hasOwn(given, id) ? given[id] : managedPolicy(id);
}

/**
 * A managed policy, as far as it says what is cached under which query strings. Headers and cookies are left out: an invalidation
 * drops the copies of all of them.
 */
function managedPolicy(id: string): CachePolicyConfig | undefined {
  if (!Object.hasOwn(MANAGED_CACHE_POLICIES, id)) return undefined;
  const { name, caches, queryStrings } = MANAGED_CACHE_POLICIES[id] ?? { name: '', caches: true, queryStrings: false };
  return {
    Name: `Managed-${name}`,
    Comment: '',
    MinTTL: caches ? 1 : 0,
    DefaultTTL: caches ? 86_400 : 0,
    MaxTTL: caches ? 31_536_000 : 0,
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: caches,
      EnableAcceptEncodingBrotli: caches,
      HeadersConfig: { HeaderBehavior: 'none' },
      CookiesConfig: { CookieBehavior: 'none' },
      QueryStringsConfig: { QueryStringBehavior: queryStrings ? 'all' : 'none' },
    },
  };
}

function managedPolicyId(name: string): string {
  const [id] = Object.entries(MANAGED_CACHE_POLICIES).find(([, policy]) => policy.name === name) ?? [];
  if (id === undefined) throw new Error(`There is no managed cache policy ${name}.`);
  return id;
}

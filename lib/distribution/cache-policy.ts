import { MANAGED_CACHE_POLICIES } from '../../lambda/contract/cache-policies';
import { isOfType, isRecord, pathOf, type Rendering } from '../synthesis/rendering';

/** What a behavior of a distribution says of its cache. */
export interface CachePolicy {
  /** What it is called, for the reader of a message. */
  readonly name: string;
  readonly queryStrings: boolean;
  readonly caches: boolean;
}

/** Of a behavior, as rendered. Undefined: not known at synthesis. */
export function cachePolicyOf(
  behavior: Readonly<Record<string, unknown>>,
  rendering: Rendering,
): CachePolicy | undefined {
  const { CachePolicyId: id, ForwardedValues: forwarded, MaxTTL } = behavior;
  if (typeof id === 'string') {
    const managed = MANAGED_CACHE_POLICIES[id];
    return managed && { ...managed, name: `cache policy ${managed.name}` };
  }
  if (id !== undefined) return policyOfTheApp(id, rendering);
  if (!isRecord(forwarded) || typeof forwarded.QueryString !== 'boolean') return undefined;
  const forwardsAll = Array.isArray(forwarded.Headers) && forwarded.Headers.includes('*');
  return { name: 'ForwardedValues', queryStrings: forwarded.QueryString, caches: MaxTTL !== 0 && !forwardsAll };
}

function policyOfTheApp(id: unknown, rendering: Rendering): CachePolicy | undefined {
  const [resource] = rendering.targetsIn(id);
  if (!isOfType(resource, 'AWS::CloudFront::CachePolicy')) return undefined;
  const config = rendering.properties(resource)?.CachePolicyConfig;
  const key = isRecord(config) ? config.ParametersInCacheKeyAndForwardedToOrigin : undefined;
  const queryStrings = isRecord(key) ? key.QueryStringsConfig : undefined;
  const behavior = isRecord(queryStrings) ? queryStrings.QueryStringBehavior : undefined;
  if (!isRecord(config) || typeof behavior !== 'string') return undefined;
  return { name: `cache policy ${pathOf(resource)}`, queryStrings: behavior !== 'none', caches: config.MaxTTL !== 0 };
}

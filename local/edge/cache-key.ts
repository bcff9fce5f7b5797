import type { CachePolicyConfig } from '@aws-sdk/client-cloudfront';
import { type CachePolicies, cachePolicyOf } from '../cloudfront/configuration';
import type { Behavior } from './behaviors';

/** What of a request is in the key of its copy; undefined: nothing is cached. */
export type CacheKeyOf = (path: string, query: string | undefined) => string | undefined;

/**
 * How a behavior's copies are told apart: by the path exactly as the viewer requested it, and by the query strings that its cache
 * policy names, or its old ForwardedValues do. Headers and cookies make no copies of their own here: an invalidation drops all of
 * them alike.
 *
 * @throws an Error that names a cache policy that there is not
 */
export function cacheKeyOf({ CachePolicyId, ForwardedValues, MaxTTL }: Behavior, policies: CachePolicies): CacheKeyOf {
  if (!CachePolicyId) {
    const { QueryString = false, QueryStringCacheKeys, Headers } = ForwardedValues ?? {};
    const cachesNothing = MaxTTL === 0 || (Headers?.Items?.includes('*') ?? false);
    const names = QueryStringCacheKeys?.Items ?? [];
    if (!QueryString) return keyOf(cachesNothing, () => false);
    return keyOf(cachesNothing, names.length === 0 ? () => true : (name) => names.includes(name));
  }
  const policy = cachePolicyOf(policies, CachePolicyId);
  if (!policy) throw new Error(`There is no cache policy ${CachePolicyId}.`);
  return keyOf(policy.MaxTTL === 0, queryStringsOf(policy));
}

type IsInKey = (name: string) => boolean;

function queryStringsOf({ ParametersInCacheKeyAndForwardedToOrigin: parameters }: CachePolicyConfig): IsInKey {
  const { QueryStringBehavior = 'none', QueryStrings } = parameters?.QueryStringsConfig ?? {};
  const names = QueryStrings?.Items ?? [];
  switch (QueryStringBehavior) {
    case 'all':
      return () => true;
    case 'whitelist':
      return (name) => names.includes(name);
    case 'allExcept':
      return (name) => !names.includes(name);
    default:
      return () => false;
  }
}

function keyOf(cachesNothing: boolean, isInKey: IsInKey): CacheKeyOf {
  return (path, query) => {
    if (cachesNothing) return undefined;
    const parameters = query?.split('&').filter((parameter) => isInKey(parameter.split('=', 1)[0] ?? '')) ?? [];
    return parameters.length === 0 ? path : `${path}?${parameters.join('&')}`;
  };
}

import type {
  CacheBehavior,
  CachePolicyConfig,
  DefaultCacheBehavior,
  DistributionConfig,
} from '@aws-sdk/client-cloudfront';
import type { CachePolicy } from '../contract/cache-policies';
import type { Behavior, Distribution, OriginServer } from './distribution';

/** How long CloudFront holds an error if it is not told, in s. */
const USUAL_ERROR_TTL = 10;

/**
 * What the answer of GetDistributionConfig says.
 *
 * @param cachePolicy by id; undefined: it could not be read
 * @throws Error when it is no configuration of a distribution
 */
export function toDistribution(
  config: Partial<DistributionConfig>,
  cachePolicy: (id: string) => CachePolicy | undefined,
): Distribution {
  const { DefaultCacheBehavior: last, CacheBehaviors, CustomErrorResponses, CacheTagConfig } = config;
  if (!last) throw new Error('CloudFront answered with a configuration that has no default behavior');
  const serversOf = originServers(config);
  const behaviors = [...(CacheBehaviors?.Items ?? []), { ...last, PathPattern: '*' }];
  return {
    behaviors: behaviors.map((behavior) => toBehavior(behavior, serversOf, cachePolicy)),
    rootObject: withoutSlash(config.DefaultRootObject ?? ''),
    errorPages: (CustomErrorResponses?.Items ?? []).flatMap(({ ResponsePagePath, ErrorCachingMinTTL }) =>
      ResponsePagePath ? [{ path: ResponsePagePath, minTtl: ErrorCachingMinTTL ?? USUAL_ERROR_TTL }] : [],
    ),
    ...(CacheTagConfig?.HeaderName && { cacheTagHeader: CacheTagConfig.HeaderName }),
    isTenantOnly: config.ConnectionMode === 'tenant-only',
    isEnabled: config.Enabled ?? true,
    isStaging: config.Staging ?? false,
  };
}

function toBehavior(
  behavior: CacheBehavior | (DefaultCacheBehavior & Pick<CacheBehavior, 'PathPattern'>),
  serversOf: (targetId: string) => readonly OriginServer[],
  cachePolicy: (id: string) => CachePolicy | undefined,
): Behavior {
  const { PathPattern = '*', TargetOriginId = '', CachePolicyId, FunctionAssociations } = behavior;
  const { LambdaFunctionAssociations } = behavior;
  const policy = CachePolicyId ? cachePolicy(CachePolicyId) : legacyPolicy(behavior);
  const events = [...(FunctionAssociations?.Items ?? []), ...(LambdaFunctionAssociations?.Items ?? [])];
  return {
    pattern: PathPattern.startsWith('/') ? PathPattern : `/${PathPattern}`,
    origins: serversOf(TargetOriginId),
    caches: policy?.caches ?? true,
    queryStrings: policy?.queryStrings,
    // Documented for Lambda@Edge on requests to the origin; a function that only answers viewers rarely does.
    switchesOrigin: events.some(({ EventType }) => EventType === 'origin-request'),
    rewrites: events.some(({ EventType }) => EventType === 'viewer-request' || EventType === 'origin-request'),
  };
}

/** What the answer of GetCachePolicyConfig says. */
export function toCachePolicy({
  MaxTTL,
  ParametersInCacheKeyAndForwardedToOrigin: key,
}: Partial<CachePolicyConfig>): CachePolicy {
  const { QueryStringBehavior = 'none' } = key?.QueryStringsConfig ?? {};
  return { queryStrings: QueryStringBehavior !== 'none', caches: MaxTTL !== 0 };
}

/** What a behavior without a cache policy says itself. CloudFront caches nothing where all headers are forwarded. */
function legacyPolicy({ ForwardedValues, MaxTTL }: DefaultCacheBehavior): CachePolicy {
  const forwardsAll = ForwardedValues?.Headers?.Items?.includes('*') ?? false;
  return { queryStrings: ForwardedValues?.QueryString ?? false, caches: MaxTTL !== 0 && !forwardsAll };
}

/** The servers that a behavior may target, by the id of an origin or of an origin group. */
function originServers({
  Origins,
  OriginGroups,
}: Partial<DistributionConfig>): (targetId: string) => readonly OriginServer[] {
  const servers = new Map<string, readonly OriginServer[]>();
  for (const { Id = '', DomainName = '', OriginPath = '' } of Origins?.Items ?? []) {
    servers.set(Id, [{ domain: DomainName.toLowerCase(), path: OriginPath.replace(/\/+$/, '') }]);
  }
  for (const { Id = '', Members } of OriginGroups?.Items ?? []) {
    const members = (Members?.Items ?? []).flatMap(({ OriginId = '' }) => servers.get(OriginId) ?? []);
    servers.set(Id, members);
  }
  return (targetId) => servers.get(targetId) ?? [];
}

function withoutSlash(path: string): string {
  return path.replace(/^\//, '');
}

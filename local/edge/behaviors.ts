import type { CacheBehavior, DefaultCacheBehavior, Origin } from '@aws-sdk/client-cloudfront';
import { matchesPattern } from '../../lambda/distribution/path-pattern';
import type { Configuration } from '../cloudfront/configuration';

/** What CloudFront does with the requests for some paths. */
export type Behavior = CacheBehavior | DefaultCacheBehavior;

/** Where a behavior's objects come from: the first origin, and the second where the first answers so or not at all. */
export interface Target {
  readonly origins: readonly Origin[];
  /** Status codes of the first for which the second is asked. */
  readonly failsOver: readonly number[];
}

/** The ordered behaviors, then the default one. */
export function behaviorsIn({ CacheBehaviors, DefaultCacheBehavior }: Configuration): Behavior[] {
  return [...(CacheBehaviors?.Items ?? []), ...(DefaultCacheBehavior ? [DefaultCacheBehavior] : [])];
}

/** The first behavior whose pattern matches what the viewer asks for. The query string does not count. */
export function behaviorOf(configuration: Configuration, path: string): Behavior | undefined {
  return behaviorsIn(configuration).find((behavior) => {
    const pattern = 'PathPattern' in behavior ? (behavior.PathPattern ?? '*') : '*';
    return matchesPattern(path, pattern.startsWith('/') ? pattern : `/${pattern}`);
  });
}

/** The origin that a behavior targets, or the two of an origin group. */
export function targetOf({ Origins, OriginGroups }: Configuration, { TargetOriginId }: Behavior): Target {
  const origins = Origins?.Items ?? [];
  const group = OriginGroups?.Items?.find(({ Id }) => Id === TargetOriginId);
  if (!group) return { origins: origins.filter(({ Id }) => Id === TargetOriginId), failsOver: [] };
  return {
    origins: (group.Members?.Items ?? []).flatMap(({ OriginId }) => origins.filter(({ Id }) => Id === OriginId)),
    failsOver: group.FailoverCriteria?.StatusCodes?.Items ?? [],
  };
}

/** The function that sees a request before the cache does, by its ARN. */
export function viewerRequestFunction({ FunctionAssociations }: Behavior): string | undefined {
  return FunctionAssociations?.Items?.find(({ EventType }) => EventType === 'viewer-request')?.FunctionARN;
}

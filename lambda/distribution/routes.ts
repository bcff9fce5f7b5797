import { asBucket, type BucketOrigin } from './bucket-domain';
import type { Behavior, Distribution } from './distribution';
import { matchesPattern, reachability } from './path-pattern';

/** A behavior that may ask a bucket for its objects, and how it does. */
export interface Route {
  readonly behavior: Behavior;
  readonly origin: BucketOrigin;
}

/** Every way from a distribution to a bucket, in the order of its behaviors. */
export function routesTo({ behaviors }: Distribution, bucket: string): Route[] {
  return behaviors.flatMap((behavior) =>
    behavior.origins.flatMap((server) => {
      const origin = asBucket(server, bucket);
      return origin ? [{ behavior, origin }] : [];
    }),
  );
}

/** The behavior that serves a path: the first whose pattern matches. */
export function behaviorOf({ behaviors }: Distribution, path: string): Behavior | undefined {
  return behaviors.find(({ pattern }) => matchesPattern(path, pattern));
}

/** Tells whether a behavior serves some path that begins with a prefix. */
export function servesUnder(distribution: Distribution, behavior: Behavior): (prefix: string) => boolean {
  const patterns = distribution.behaviors.map(({ pattern }) => pattern);
  const isReached = reachability(behavior.pattern, patterns.slice(0, distribution.behaviors.indexOf(behavior)));
  return (prefix) => behaviorOf(distribution, prefix) === behavior || isReached(prefix);
}

/**
 * The behaviors that cache what comes from elsewhere. A wildcard evicts that, too, and nobody can list it. Of an origin group the first
 * one counts: the other is asked only where that one fails.
 */
export function foreignBehaviors({ behaviors }: Distribution, buckets: readonly string[]): Behavior[] {
  const isOurs = ({ origins: [first] }: Behavior) =>
    first !== undefined && buckets.some((bucket) => asBucket(first, bucket)?.isCertain);
  return behaviors.filter((behavior) => behavior.caches && !isOurs(behavior));
}

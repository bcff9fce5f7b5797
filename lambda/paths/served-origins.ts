import { folderOf } from '../contract/environment';
import { isSameTarget, type Target } from '../contract/target';
import type { Distribution } from '../distribution/distribution';
import { foreignBehaviors, routesTo, servesUnder } from '../distribution/routes';
import type { ConfiguredOrigin, ConfiguredOrigins } from './configured-origin';
import { type Mount, servedByDistribution } from './served-by-distribution';
import { servedByOptions } from './served-by-options';
import type { ServedOrigin } from './served-origin';
import { withStatedPaths } from './tenant-parameters';

/** A distribution, as far as our buckets are behind it, or behind one of its tenants. */
export interface ServedDistribution {
  readonly origins: readonly ServedOrigin[];
  /** How many behaviors cache what comes from elsewhere, and serve paths that begin with a prefix. */
  readonly foreignUnder: (prefix: string) => number;
}

/**
 * The origins of a distribution or of a tenant, each with every origin path that leads to its bucket.
 *
 * What was read only adds paths to objects. So an origin path that is stated and that the distribution does not have counts, too,
 * and a bucket that no behavior leads to is served as the options say: the read may be wrong, or older than the bucket's origin.
 *
 * Of the origin paths of tenants only the stated ones are known: the distribution has parameters in their place.
 *
 * @param said what the distribution says; undefined: nothing is known of it
 */
export function servedDistribution(
  { origins, indexDocument }: ConfiguredOrigins,
  target: Target,
  said: Distribution | undefined,
): ServedDistribution {
  const own = origins.filter((origin) => isSameTarget(origin, target));
  const read = said && withStatedPaths(said, own);
  const buckets = [...new Set(own.map(({ bucket }) => bucket))];
  const foreign = read ? foreignBehaviors(read, buckets).map((behavior) => servesUnder(read, behavior)) : [];
  const served = own.flatMap((origin) => {
    const mounts = read ? mountsOf(read, origin) : [];
    return [
      ...(mounts.length > 0 && mounts.some(isStatedIn(origin))
        ? []
        : [servedByOptions(withKey(origin, read), indexDocument)]),
      ...(read ? mounts.map((mount) => servedByDistribution(origin, mount, read, indexDocument, buckets)) : []),
    ];
  });
  return {
    origins: served,
    foreignUnder: (prefix) => foreign.filter((servesSome) => servesSome(prefix)).length,
  };
}

/** Whether a mount is the one that an origin states, as far as it does. */
function isStatedIn({ path, viewerPrefix }: ConfiguredOrigin) {
  return (mount: Mount) =>
    (path === undefined || path === mount.path) &&
    (viewerPrefix === undefined || folderOf(viewerPrefix) === mount.viewerFolder);
}

/** Everywhere that a distribution has the objects of an origin's bucket. A function may take away a folder that viewers request. */
export function mountsOf(read: Distribution, { bucket, viewerPrefix }: ConfiguredOrigin): Mount[] {
  const routes = routesTo(read, bucket);
  return originPathsOf(read, { bucket }).flatMap((path) => {
    const here = routes.filter(({ origin }) => origin.path === path).map(({ behavior }) => behavior);
    const taken = here
      .filter(({ rewrites }) => rewrites)
      .flatMap(({ pattern }) => /^\/([^*?]+\/)\*$/.exec(pattern)?.[1] ?? []);
    const isStated =
      viewerPrefix !== undefined && here.some((each) => servesUnder(read, each)(`/${folderOf(viewerPrefix)}`));
    return [
      { path, viewerFolder: '', isAssumed: false },
      ...(isStated && viewerPrefix !== '' ? [{ path, viewerFolder: folderOf(viewerPrefix), isAssumed: false }] : []),
      ...(viewerPrefix === undefined
        ? [...new Set(taken)].map((viewerFolder) => ({ path, viewerFolder, isAssumed: true }))
        : []),
    ];
  });
}

/** A stated origin path that the distribution lacks is mostly one that a function adds: what is read of the cache key holds there, too. */
function withKey(origin: ConfiguredOrigin, read: Distribution | undefined): ConfiguredOrigin {
  const areInKey = read && routesTo(read, origin.bucket).some(({ behavior }) => behavior.queryStrings);
  return { ...origin, queryStrings: origin.queryStrings ?? areInKey ?? false };
}

/** The origin paths that a distribution has for a bucket. */
export function originPathsOf(read: Distribution, { bucket }: Pick<ConfiguredOrigin, 'bucket'>): string[] {
  return [...new Set(routesTo(read, bucket).map(({ origin }) => origin.path))];
}

import { folderOf } from '../contract/environment';
import type { Distribution } from '../distribution/distribution';
import { uncoveredCopies } from '../distribution/error-pages';
import { routesTo } from '../distribution/routes';
import type { ConfiguredOrigin } from './configured-origin';
import type { Mount } from './served-by-distribution';
import { mountsOf, originPathsOf } from './served-origins';
import { withStatedPaths } from './tenant-parameters';

/**
 * What a distribution says against the options of its origins, and what it leaves stale whatever they say: a sentence each, for
 * people.
 */
export function disagreements(
  distribution: string,
  read: Distribution,
  origins: readonly ConfiguredOrigin[],
): string[] {
  const own = origins.filter((origin) => origin.distribution === distribution);
  const asTenant = ({ tenant }: ConfiguredOrigin) =>
    withStatedPaths(
      read,
      own.filter((each) => each.tenant === tenant),
    );
  const tenants = read.isTenantOnly ? [] : [...new Set(own.flatMap(({ tenant }) => tenant ?? []))];
  const buckets = [...new Set(own.map(({ bucket }) => bucket))];
  const unstated = new Set(own.filter(({ queryStrings }) => queryStrings === undefined).map(({ bucket }) => bucket));
  const routes = Array.from(unstated, (bucket) => routesTo(read, bucket)).flat();
  const unread = routes.filter(({ behavior }) => behavior.queryStrings === undefined);
  const patterns = [...new Set(unread.map(({ behavior }) => behavior.pattern))];
  return [
    ...own.flatMap((origin) => disagreement(distribution, origin, originPathsOf(asTenant(origin), origin))),
    ...own.flatMap((origin) => disagreementOnPrefix(distribution, origin, mountsOf(asTenant(origin), origin))),
    ...tenants.map(
      (tenant) =>
        `Distribution ${distribution} serves viewers itself (its ConnectionMode is not "tenant-only"), ` +
        `but the option tenant is "${tenant}": of the distribution itself nothing is invalidated for that origin`,
    ),
    ...(read.cacheTagHeader === undefined &&
    own.some(({ aliases = [] }) => aliases.some(({ tags = [] }) => tags.length > 0))
      ? [
          `Distribution ${distribution} has no CacheTagConfig: CloudFront accepts the tags of its origins, and removes nothing by them`,
        ]
      : []),
    ...patterns.map(
      (pattern) =>
        `The cache policy of behavior ${pattern} of distribution ${distribution} can't be read: ` +
        'query strings are taken for no part of its cache key. The option queryStrings can say so',
    ),
    ...uncoveredCopies(read, buckets).map(
      ({ path, minTtl, under }) =>
        `Distribution ${distribution} holds copies of its error page ${path} for ${minTtl} s under ${under.join(', ')}. ` +
        'They are not invalidated, for that would evict what other origins cache: let it hold them for 60 s at most',
    ),
  ];
}

function disagreement(distribution: string, { bucket, path }: ConfiguredOrigin, paths: readonly string[]): string[] {
  if (paths.length === 0) {
    return [
      `No origin of distribution ${distribution} is bucket ${bucket}: its objects are invalidated as the options say`,
    ];
  }
  if (path === undefined || paths.includes(path)) return [];
  const said = paths.map((each) => JSON.stringify(each)).join(' and ');
  return [
    `Distribution ${distribution} has bucket ${bucket} behind the origin path ${said}, ` +
      `but the option originPath is ${JSON.stringify(path)}: the paths of both are invalidated`,
  ];
}

function disagreementOnPrefix(
  distribution: string,
  { bucket, viewerPrefix }: ConfiguredOrigin,
  mounts: readonly Mount[],
): string[] {
  if (viewerPrefix === undefined || mounts.length === 0) return [];
  if (mounts.some(({ viewerFolder }) => viewerFolder === folderOf(viewerPrefix))) return [];
  return [
    `No behavior of distribution ${distribution} leads from ${viewerPrefix}/ to bucket ${bucket}, ` +
      `but the option viewerPrefix is ${JSON.stringify(viewerPrefix)}: the paths of both are invalidated`,
  ];
}

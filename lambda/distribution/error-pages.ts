import type { Distribution, ErrorPage } from './distribution';
import { headOf } from './path-pattern';
import { behaviorOf, foreignBehaviors, routesTo, servesUnder } from './routes';

/** How long copies of an old error page may be held, in s, before wildcards are spent on them. CloudFront itself holds them for 10 s. */
const LONGEST_UNCOVERED = 60;

/**
 * What covers the copies of an object that lie under every URL that failed, where it is an error page that is held for long: a
 * wildcard for each pattern.
 *
 * None that would evict what others cache: such copies stay until they expire, and `uncoveredCopies` tells of them.
 */
export function errorPageWildcards(distribution: Distribution, buckets: readonly string[], name: string): string[] {
  const isLong = ({ path, minTtl }: ErrorPage) => minTtl > LONGEST_UNCOVERED && isPathOf(path, name);
  if (!distribution.errorPages.some(isLong)) return [];
  return copies(distribution, buckets)
    .filter(({ isOurs }) => isOurs)
    .map(({ wildcard }) => wildcard);
}

/** Copies of error pages that no invalidation covers: the page, for how long, and where. */
export function uncoveredCopies(
  distribution: Distribution,
  buckets: readonly string[],
): (ErrorPage & { readonly under: string[] })[] {
  const under = copies(distribution, buckets)
    .filter(({ isOurs }) => !isOurs)
    .map(({ wildcard }) => wildcard);
  const ours = buckets.flatMap((bucket) => routesTo(distribution, bucket)).map(({ behavior }) => behavior);
  const isOfOurs = (path: string) => ours.some((behavior) => behavior === behaviorOf(distribution, path));
  const pages = distribution.errorPages.filter(({ path, minTtl }) => minTtl > LONGEST_UNCOVERED && isOfOurs(path));
  return under.length === 0 ? [] : pages.map((page) => ({ ...page, under }));
}

/** The wildcards over all behaviors, for each of them may fail, and whether they evict nothing of others. */
function copies(distribution: Distribution, buckets: readonly string[]) {
  const foreign = foreignBehaviors(distribution, buckets);
  const prefixes = new Set(distribution.behaviors.map(({ pattern }) => headOf(pattern)));
  return Array.from(prefixes, (prefix) => ({
    wildcard: `${prefix}*`,
    isOurs: !foreign.some((behavior) => servesUnder(distribution, behavior)(prefix)),
  }));
}

function isPathOf(path: string, name: string): boolean {
  return path === `/${name}` || path === encodeURI(`/${name}`);
}

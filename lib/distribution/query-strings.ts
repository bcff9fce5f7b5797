import { type Finding, listed, warning } from '../synthesis/finding';
import type { ServedBucket, StatedOrigin } from './served-bucket';
import type { SynthesizedBehavior } from './synthesized-distribution';

/** Where `queryStrings` contradicts the cache keys under which a bucket's objects are cached. */
export function queryStringsContradictions(
  { option, queryStrings, originPath, isRead }: StatedOrigin,
  { distribution, origins, areAllOrigins, behaviors }: ServedBucket,
): Finding[] {
  const stated = queryStrings ?? (isRead ? undefined : false);
  const ids = origins.filter(({ path }) => [path, undefined].includes(originPath)).flatMap((origin) => origin.ids);
  const caching = behaviors.filter(
    ({ targetId, cachePolicy }) => ids.includes(targetId) && cachePolicy?.caches !== false,
  );
  const keyed = caching.filter(({ cachePolicy }) => cachePolicy?.queryStrings);
  const name = `${option}.queryStrings`;
  if (stated === false && keyed.length > 0) {
    const value = queryStrings === undefined ? 'left out' : 'false';
    const message = `${name} is ${value}, but in the distribution ${distribution} query strings are part of the cache key of ${described(keyed)}. Copies under URLs with query strings would stay stale: ${isRead ? 'leave it out' : 'set it'}`;
    return [warning(name, message)];
  }
  const isKnown = areAllOrigins && caching.every(({ cachePolicy }) => cachePolicy);
  if (stated === true && isKnown && caching.length > 0 && keyed.length === 0) {
    const message = `${name} is true, but in the distribution ${distribution} query strings are not part of the cache key of ${described(caching)}. Wildcards would be paid for that cover nothing more: leave it out`;
    return [warning(name, message)];
  }
  return [];
}

function described(behaviors: readonly SynthesizedBehavior[]): string {
  return listed(
    behaviors.map(({ pattern, cachePolicy }) => {
      const behavior = pattern === '*' ? 'the default behavior' : `the behavior ${pattern}`;
      return `${behavior} (${cachePolicy?.name})`;
    }),
  );
}

import type { Configuration } from '../cloudfront/configuration';
import type { CachedResponse } from './cache';

/** Tags that CloudFront stores with an object, the first ones: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html */
const MOST_TAGS = 50;

/** A configuration may name a header of the origin's answers that lists cache tags. Without one there are none. */
export function cacheTagsOf(
  { CacheTagConfig }: Configuration,
  { headers }: Pick<CachedResponse, 'headers'>,
): readonly string[] {
  const name = CacheTagConfig?.HeaderName?.toLowerCase() ?? '';
  const listed = [headers[name] ?? []].flat().flatMap((value) => value.split(','));
  return listed
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== '')
    .slice(0, MOST_TAGS);
}

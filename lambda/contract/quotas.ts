/** CloudFront's quotas: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */

/** In progress at a time, so at most in a request. */
export const MOST_WILDCARDS = 15;

/** In a request, of the 3,000 that may be in progress. */
export const MOST_PATHS = 1000;

/** In a second, by the narrower reading of the quotas. */
export const PATHS_PER_SECOND = 150;
export const WILDCARDS_PER_SECOND = 1;

/** CloudFront's longest invalidation path, in characters: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html */
export const LONGEST_PATH = 4000;

/** Its longest cache tag, in characters: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html */
export const LONGEST_TAG = 256;

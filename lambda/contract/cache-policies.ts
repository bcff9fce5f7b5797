/** What a cache policy says that matters to invalidations. */
export interface CachePolicy {
  /** Whether query strings, all or some, are part of the cache key. */
  readonly queryStrings: boolean;
  /** Whether anything is cached at all. */
  readonly caches: boolean;
}

/**
 * CloudFront's managed cache policies, by id.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
export const MANAGED_CACHE_POLICIES: Readonly<Record<string, CachePolicy & { readonly name: string }>> = {
  '2e54312d-136d-493c-8eb9-b001f22f67d2': { name: 'Amplify', queryStrings: true, caches: true },
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': { name: 'CachingDisabled', queryStrings: false, caches: false },
  '658327ea-f89d-4fab-a63d-7e88639e58f6': { name: 'CachingOptimized', queryStrings: false, caches: true },
  'b2884449-e4de-46a7-ac36-70bc7f1ddd6d': {
    name: 'CachingOptimizedForUncompressedObjects',
    queryStrings: false,
    caches: true,
  },
  '08627262-05a9-4f76-9ded-b50ca2e3a84f': { name: 'Elemental-MediaPackage', queryStrings: true, caches: true },
  '83da9c7e-98b4-4e11-a168-04f0df8e2c65': { name: 'UseOriginCacheControlHeaders', queryStrings: false, caches: true },
  '4cc15a8a-d715-48a4-82b8-cc0b614638fe': {
    name: 'UseOriginCacheControlHeaders-QueryStrings',
    queryStrings: true,
    caches: true,
  },
};

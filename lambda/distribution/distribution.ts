/** A distribution, as far as it tells which viewer paths lead to which objects, and what else it caches. */
export interface Distribution {
  /** In the order in which CloudFront tries them; the default behavior, which takes every path, is the last. */
  readonly behaviors: readonly Behavior[];
  /** The object that `/` is answered with, without a leading slash. Empty: none. */
  readonly rootObject: string;
  readonly errorPages: readonly ErrorPage[];
  /** The header of its origins' answers that lists the cache tags of an object. Absent: it knows no tags. */
  readonly cacheTagHeader?: string;
  /** Whether it serves viewers by its tenants only. It takes no invalidations of its own then. */
  readonly isTenantOnly: boolean;
  readonly isEnabled: boolean;
  /** Whether it is the staging distribution of another one. */
  readonly isStaging: boolean;
}

/** What CloudFront does with the requests for some paths. */
export interface Behavior {
  /** With a leading slash: `*` is any characters, `?` is one. */
  readonly pattern: string;
  /** Where its objects come from: an origin, or each one of an origin group. */
  readonly origins: readonly OriginServer[];
  /** Whether it caches anything. */
  readonly caches: boolean;
  /** Whether query strings are part of its cache key. Undefined: its cache policy could not be read. */
  readonly queryStrings: boolean | undefined;
  /** Whether a function may ask the origin for another path than the viewer's. Nobody can know which. */
  readonly rewrites: boolean;
  /** Whether a function may choose another origin. Nobody can know which. */
  readonly switchesOrigin: boolean;
}

/** What CloudFront calls an origin: a server, which may be a bucket. */
export interface OriginServer {
  readonly domain: string;
  /** In front of every path: empty, or with a leading and without a trailing slash. */
  readonly path: string;
}

/** What is served in place of errors. */
export interface ErrorPage {
  /** The viewer path of the page. */
  readonly path: string;
  /** How long a copy of it is held under the URL that failed, at least, in s. */
  readonly minTtl: number;
}

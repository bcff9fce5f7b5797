/**
 * The contract between the stack and the function: the names of the environment variables and the form of their
 * values. Construct and function both import this file, so that neither can drift; it imports nothing.
 */

/** JSON text of an array of {@link Origin}. */
export const ORIGINS = 'ORIGINS';

/**
 * Name of the document that a folder's URL is answered with, such as `index.html`. Empty: folders have none. Absent: as the
 * distribution says; without its answer, {@link USUAL_INDEX_DOCUMENT}.
 */
export const INDEX_DOCUMENT = 'INDEX_DOCUMENT';

export const USUAL_INDEX_DOCUMENT = 'index.html';

/** `on`: the function reads the configuration of its distributions. Else: it goes by what {@link ORIGINS} says of them alone. */
export const READ_DISTRIBUTION = 'READ_DISTRIBUTION';

/** How many unchanged objects evicted from the caches weigh as much as one path. */
export const REFETCHES_PER_PATH = 'REFETCHES_PER_PATH';

/** `on`: the function lists the buckets to see what a wildcard would evict. `off`: it does not. */
export const INSPECT_BUCKET = 'INSPECT_BUCKET';

/**
 * Name of the DynamoDB table that holds the ledger: an item for each distribution or tenant, under the partition key
 * {@link LEDGER_KEY}. Absent: every execution environment keeps a ledger of its own, in memory.
 */
export const LEDGER_TABLE = 'LEDGER_TABLE';

/** The ledger table's partition key, a string: the id of a distribution, or of a tenant. */
export const LEDGER_KEY = 'distribution';

/**
 * Most paths that the function may invalidate in a day (UTC), of all distributions and tenants in {@link ORIGINS} together, which
 * share them equally: a whole number, at least theirs. Absent: no limit.
 */
export const MAX_PATHS_PER_DAY = 'MAX_PATHS_PER_DAY';

/** `on`: messages may request invalidations by their paths and tags. Else: such messages are malformed. */
export const REQUESTS = 'REQUESTS';

/**
 * Name or ARN of the event bus that is told which invalidations are accepted and completed. Absent: nobody is told. Else
 * {@link QUEUE_URL} is there, too.
 */
export const EVENT_BUS = 'EVENT_BUS';

/** URL of the queue whose messages the function receives, to which it sends what it has to look at later. */
export const QUEUE_URL = 'QUEUE_URL';

/** `on`: everything but the call of CloudFront, to see plans and their price. Else: CloudFront is called. */
export const DRY_RUN = 'DRY_RUN';

/** What CloudFront calls an origin: a bucket behind a distribution, and the path in front of its keys. */
export interface Origin {
  /** Name of the bucket whose changes invalidate. */
  readonly bucket: string;
  /** Id of the distribution that serves it. */
  readonly distribution: string;
  /** Id of the tenant of the distribution, such as `dt_2wjDZi3hD1ivOXf6rpZJO1AB`. Absent: the distribution serves viewers itself. */
  readonly tenant?: string | undefined;
  /**
   * Origin path: empty, or with a leading and without a trailing slash, such as `/site`. Absent: each that the distribution has
   * for the bucket; without its answer, none.
   */
  readonly path?: string;
  /**
   * What viewers have in front of the names, such as `/assets`: of the same form as the origin path. Absent: what the distribution says;
   * without its answer, nothing.
   */
  readonly viewerPrefix?: string;
  /** How keys begin that are invalidated, within the origin path. Absent: as it does. */
  readonly prefix?: string;
  /**
   * Globs of names that are never invalidated, relative to the origin path. In order: the last that matches a name decides, and one that
   * begins with `!` takes it back in. Absent: none.
   */
  readonly exclude?: readonly string[];
  /** Whether query strings are part of the cache key. Absent: as the distribution says; without its answer, they are not. */
  readonly queryStrings?: boolean;
  /** Further viewer paths of objects. Absent: none. */
  readonly aliases?: readonly Alias[];
}

/**
 * A rule from names, relative to the origin path, to further viewer paths (`images/{name}.jpg` to `/resized/{name}-*`), and to cache tags
 * (`image:{name}`), or to one of both.
 */
export interface Alias {
  readonly pattern: string;
  readonly paths?: readonly string[];
  readonly tags?: readonly string[];
}

/** What the keys behind an origin path begin with. */
export function folderOf(originPath: string): string {
  return originPath === '' ? '' : `${originPath.slice(1)}/`;
}

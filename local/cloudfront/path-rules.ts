/**
 * What CloudFront accepts as an invalidation path, and which requests such a path drops from the cache. Written from
 * AWS's text alone and sharing nothing with `lambda/`: it is the judge of the paths that the function sends.
 *
 * Source: "Specify the files to invalidate" in
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
 */

/** Longest invalidation path, in characters. */
export const MAX_PATH_LENGTH = 4000;

/** Longest cache tag, in characters. */
const MAX_TAG_LENGTH = 256;

/**
 * What is not printable ASCII, and RFC 1738, section 2.2, "Unsafe", but for `%` (which begins an escape) and `~` (which
 * has a rule of its own).
 */
const MUST_BE_ENCODED = /[^!-~]|["<>#{}|\\^[\]`]/gu;

/**
 * Why CloudFront rejects a path, in a few words, or `undefined` if it accepts it. CloudFront itself does not say which
 * path it rejects nor why; this is for whoever reads a failing test.
 *
 * An item that begins with `#` is a cache tag:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html
 */
export function pathFault(path: string): string | undefined {
  if (path.startsWith('#')) return tagFault(path.slice(1));
  if (!path.startsWith('/')) return 'does not begin with a slash';
  if (path.length > MAX_PATH_LENGTH) return `is longer than ${MAX_PATH_LENGTH} characters`;
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return 'holds a % that begins no escape';
  if (path.includes('~')) return 'holds a ~, which CloudFront cannot invalidate';
  const [character] = path.match(MUST_BE_ENCODED) ?? [];
  return character && `holds ${JSON.stringify(character)}, which must be percent-encoded`;
}

function tagFault(tag: string): string | undefined {
  if (tag === '') return 'is an empty cache tag';
  if (tag.length > MAX_TAG_LENGTH) return `is a cache tag of more than ${MAX_TAG_LENGTH} characters`;
  return /^[!-+\--~]+$/.test(tag)
    ? undefined
    : 'is a cache tag with other characters than visible ASCII, or with a comma';
}

/** Whether a path ends in the wildcard; a `*` anywhere else is an ordinary character. */
export function isWildcard(path: string): boolean {
  return path.endsWith('*') && !path.startsWith('#');
}

/**
 * A request path as an invalidation has to spell it: bytes that may not stand in an invalidation path are
 * percent-encoded, everything else (escapes, their case, `~`) is kept as it was requested. Browsers leave `[`, `]` and
 * `|` raw in the paths they request, and no invalidation path can hold those.
 *
 * @param requestPath one character per byte, as `node:http` gives it
 */
export function encodeUnsafe(requestPath: string): string {
  return requestPath.replace(
    MUST_BE_ENCODED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/**
 * Whether an accepted invalidation path drops what is cached under a request path. The comparison is literal and case
 * sensitive: `%2B` is not `+`, `%5b` is not `%5B`. A path that holds `%7E` drops nothing, as seen on CloudFront, so that
 * what is cached under a path with a tilde falls only to a wildcard that ends before it. Where the cache key holds query strings,
 * they are a part of both: `/a` drops `/a` alone, `/a*` and `/a?*` drop `/a?v=1` too.
 */
export function invalidates(path: string, requestPath: string): boolean {
  if (/%7E/i.test(path)) return false;
  const cached = encodeUnsafe(requestPath);
  return isWildcard(path) ? cached.startsWith(path.slice(0, -1)) : cached === path;
}

/** Why S3 refuses a request, in its own words. */

/** The most bytes that a key may have. */
export const LONGEST_KEY = 1_024;

/** S3's answer to a key that is too long; undefined for one that is not. */
export function keyTooLong(key: string): string | undefined {
  const size = Buffer.byteLength(key);
  return size <= LONGEST_KEY
    ? undefined
    : errorXml(
        'KeyTooLongError',
        'Your key is too long',
        `<Size>${size}</Size><MaxSizeAllowed>${LONGEST_KEY}</MaxSizeAllowed>`,
      );
}

/** S3's answer for whoever may not know that there is no such object. */
export const ACCESS_DENIED = errorXml('AccessDenied', 'Access Denied');

/** Whether a bucket's policy lets CloudFront, or everybody, list the bucket: only then an absent object is called so. */
export function mayBeListed(policy: string | undefined): boolean {
  if (policy === undefined) return false;
  const { Statement = [] }: { Statement?: PolicyStatement | PolicyStatement[] } = JSON.parse(policy);
  return [Statement].flat().some(grantsListing);
}

/** A statement of a bucket's policy. */
export interface PolicyStatement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
}

/** Whether a statement of a bucket's policy lets CloudFront, or everybody, list the bucket. */
export function grantsListing({ Effect, Principal, Action }: PolicyStatement): boolean {
  const actions = [Action].flat().map((action) => String(action).toLowerCase());
  const isForViewers = VIEWERS.test(JSON.stringify(Principal ?? ''));
  return Effect === 'Allow' && isForViewers && actions.some((action) => LISTING.includes(action));
}

/** CloudFront by its origin access control, everybody, or CloudFront by an origin access identity. */
const VIEWERS = /"cloudfront\.amazonaws\.com"|"\*"|"CanonicalUser"|origin-access-identity/i;

const LISTING = ['s3:listbucket', 's3:list*', 's3:*', '*'];

export function errorXml(code: string, message: string, details = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${details}</Error>`;
}

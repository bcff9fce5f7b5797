import type { OriginServer } from './distribution';

/** A bucket as a distribution asks for its objects. */
export interface BucketOrigin {
  /** The origin path: empty, or with a leading and without a trailing slash. */
  readonly path: string;
  /** Whether it is the bucket's website endpoint, which answers the URLs of folders. */
  readonly isWebsite: boolean;
  /** Whether it is this bucket for sure: an access point has a name of its own, and may be one of any bucket; so may a parameter. */
  readonly isCertain: boolean;
}

/** Behind the name of a bucket, in the domain of S3's REST endpoints. */
const REST = /^\.s3(-accelerate(\.dualstack)?|[.-](fips-|fips\.)?(dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/;

/** Behind it, in the domain of its website. */
const WEBSITE = /^\.s3-website[.-][a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/** An access point, by its alias. */
const ACCESS_POINT = /-s3alias\.s3[.-][a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;

/** A parameter of a distribution's tenants at the end, or before or within a domain of S3: the bucket may be another one for each. */
const PARAMETER = /\{\{.*\}\}(.*\bs3[.-](.*\.)?amazonaws\.com(\.cn)?)?$|\bs3[.-].*\{\{.*\}\}\.amazonaws\.com(\.cn)?$/;

/** Which of S3's endpoints it is stands in it: not that of a website. */
const SURELY_REST = /\bs3[.-](?!website)/;

/** S3's own domain. The name of the bucket is the first folder of the origin path then. */
const PATH_STYLE = /^s3([.-](fips-|fips\.)?(dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/;

/**
 * How a server is a certain bucket; undefined: it is not.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function asBucket({ domain, path }: OriginServer, bucket: string): BucketOrigin | undefined {
  if (domain.startsWith(bucket)) {
    const rest = domain.slice(bucket.length);
    if (WEBSITE.test(rest)) return { path, isWebsite: true, isCertain: true };
    if (REST.test(rest)) return { path, isWebsite: false, isCertain: true };
    // A website under a domain of its own: S3 finds the bucket by the name of the host.
    if (rest === '') return { path, isWebsite: true, isCertain: true };
  }
  if (ACCESS_POINT.test(domain)) return { path, isWebsite: false, isCertain: false };
  if (PARAMETER.test(domain)) return { path, isWebsite: !SURELY_REST.test(domain), isCertain: false };
  const isInFolder = path === `/${bucket}` || path.startsWith(`/${bucket}/`);
  if (!isInFolder || !PATH_STYLE.test(domain)) return undefined;
  return { path: path.slice(bucket.length + 1), isWebsite: false, isCertain: true };
}

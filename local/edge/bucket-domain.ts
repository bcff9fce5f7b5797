/** A bucket behind a domain. */
export interface BucketAt {
  readonly bucket: string;
  /** Whether it is the bucket's website endpoint, which answers the URLs of folders. */
  readonly isWebsite: boolean;
}

const BUCKET = /^(?<bucket>.+)\.s3(?<website>-website)?([.-][a-z0-9.-]+)?\.amazonaws\.com(\.cn)?$/;

/**
 * The bucket that a distribution's origin is; undefined: it is none. Written from S3's documentation, and sharing nothing with
 * `lambda/`: what the function takes for a bucket, this must too.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function bucketAt(domain: string): BucketAt | undefined {
  const { bucket, website } = BUCKET.exec(domain.toLowerCase())?.groups ?? {};
  return bucket === undefined ? undefined : { bucket, isWebsite: website !== undefined };
}

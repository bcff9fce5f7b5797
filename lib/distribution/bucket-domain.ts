/** Domains of S3, https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html, in every partition. */

/** Behind the name of a bucket, in the domain of its REST or website endpoint. */
const ENDPOINT = /\.s3(-website|-accelerate)?([.-][a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

/** Names of access points and the like, which stand for a bucket of another name. */
const OTHER_NAME = /accesspoint|object-lambda|\.vpce|(-s3alias|--ol-s3|--x-s3|--xa-s3)\./;

/** The name of the bucket that a domain is. Undefined: it is none that a name can be read from. */
export function bucketNameIn(domain: string): string | undefined {
  const { index = 0 } = ENDPOINT.exec(domain) ?? {};
  const isAmbiguous = domain.indexOf('.s3', index + 1) > 0;
  return index === 0 || isAmbiguous || OTHER_NAME.test(domain) ? undefined : domain.slice(0, index);
}

/** Whether a domain may be one of S3's, whichever its form. */
export function mayBeOfS3(domain: string): boolean {
  return /(^|[.-])s3([.-]|$)/.test(domain);
}

/** Whether CloudFormation may have made up a name, which then ends in twelve characters or more drawn by lot. */
export function mayBeGenerated(bucketName: string): boolean {
  return /-[a-z0-9]{12,}$/.test(bucketName);
}

import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { S3Client } from '@aws-sdk/client-s3';
import type { Question } from './question';

/** What the commands read from. */
export interface Clients {
  readonly cloudFront: CloudFrontClient;
  readonly s3: S3Client;
}

/** Without throwOnRequestTimeout a hanging call is only warned of. In ms. */
export const REQUEST_HANDLER = { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true };

/** CloudFront throttles an account's calls, those of the invalidator included: then the SDK slows down by itself. */
const CLIENT = { requestHandler: REQUEST_HANDLER, retryMode: 'adaptive', maxAttempts: 5 };

/** Credentials and profile are those that the SDK finds. */
export function makeClients({ cloudFrontUrl, s3Url }: Pick<Question, 'cloudFrontUrl' | 's3Url'>): Clients {
  // CloudFront's API and S3's list of a bucket answer from wherever they are called.
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  return {
    cloudFront: new CloudFrontClient({ ...CLIENT, region, ...(cloudFrontUrl && { endpoint: cloudFrontUrl }) }),
    s3: new S3Client({
      ...CLIENT,
      region,
      followRegionRedirects: true,
      ...(s3Url && { endpoint: s3Url, forcePathStyle: true }),
    }),
  };
}

import { CloudFrontClient } from '@aws-sdk/client-cloudfront';

/**
 * The client of CloudFront's API. It retries once, at once; further retries are the function's, which wait longer than the
 * SDK would, and do not end when its budget for retries is spent.
 */
export function makeCloudFrontClient(): CloudFrontClient {
  return new CloudFrontClient({
    maxAttempts: 2,
    // Without throwOnRequestTimeout a hanging call is only warned of; without socketTimeout an answer may stall after its headers.
    requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true, socketTimeout: 5000 },
  });
}

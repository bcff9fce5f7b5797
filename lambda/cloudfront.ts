import { CloudFrontClient } from '@aws-sdk/client-cloudfront';

/**
 * The client of CloudFront's API. It tries again what passes by itself: CloudFront answers 503 in waves, at peaks to half
 * of all requests (https://github.com/aws/aws-cdk/issues/15891), and five attempts bring 31 of 32 such calls through.
 * TooManyInvalidationsInProgress is none of these: the queue is its back-off.
 */
export function makeCloudFrontClient(): CloudFrontClient {
  return new CloudFrontClient({
    maxAttempts: 5,
    // Without throwOnRequestTimeout a hanging call is only warned of.
    requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
  });
}

import { type ApiError, isQuotaFull, isTransient } from '../cloudfront/api-error';

/** Invalidations that are in progress end in seconds, or else in minutes: that is left to the queue. */
const QUOTA_WAITS = [1_000, 2_000, 4_000, 8_000, 8_000];

/**
 * CloudFront's API fails in waves, at times every other call (https://github.com/aws/aws-cdk/issues/15891), and the SDK gives up
 * trying again at once when that goes on.
 */
const FAILURE_WAITS = new Array<number>(10).fill(1_000);

/**
 * How long to wait in ms before what CloudFront refused is asked for again.
 *
 * @param tries how often it was refused by now, with nothing accepted in between
 * @param isOutOfOrder CloudFront refused everything in the last invocations, too: waiting for it would only cost time
 * @returns undefined: not in this invocation
 */
export function backOff(refusal: ApiError, tries: number, isOutOfOrder: boolean): number | undefined {
  if (!isTransient(refusal)) return undefined;
  if (isOutOfOrder) return tries === 1 ? 0 : undefined;
  return (isQuotaFull(refusal) ? QUOTA_WAITS : FAILURE_WAITS)[tries - 1];
}

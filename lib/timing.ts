/** How long the steps of the pipeline wait for each other, in seconds. Also what the simulated loads go by. */

/** Longest time of one invocation. Retries of a failed batch wait six of them, so it is also the pace of the back-off. */
export const FUNCTION_TIMEOUT = 40;

/** The longest that CloudFront may fail without a single message reaching the dead-letter queue. */
const LONGEST_OUTAGE = 6 * 3600;

/** Six timeouts and the window: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export function visibilityTimeoutFor(maxBatchingWindow: number): number {
  return 6 * FUNCTION_TIMEOUT + maxBatchingWindow;
}

/** Half as many again as an outage spends: redeliveries are approximate. */
export function maxReceiveCountFor(visibilityTimeout: number): number {
  return Math.ceil((1.5 * LONGEST_OUTAGE) / visibilityTimeout);
}

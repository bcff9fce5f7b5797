import { type ApiError, isQuotaFull, isTransient } from '../cloudfront/api-error';
import type { Ledger } from './ledger';

/** After TooManyInvalidationsInProgress, in ms. Invalidations in progress end in seconds, or else in minutes: that is left to SQS. */
const QUOTA_DELAYS = [1_000, 2_000, 4_000, 8_000, 8_000];

/**
 * After other errors, in ms. CloudFront's API fails in waves, at times every other call (https://github.com/aws/aws-cdk/issues/15891),
 * and the SDK stops retrying when that goes on.
 */
const FAILURE_DELAYS = new Array<number>(10).fill(1_000);

/** Retries of a full quota while the circuit is open: each has another plan, and the last may do without wildcards. */
const QUOTA_ATTEMPTS = 2;

/** Turns in a row in which CloudFront accepted nothing, after which it counts as broken, not just busy. */
const FAILED_TURNS = 2;

/** Whether CloudFront accepted nothing for so long that an invocation retries at once, and does not wait. */
export function isCircuitOpen({ failedTurns }: Pick<Ledger, 'failedTurns'>): boolean {
  return failedTurns >= FAILED_TURNS;
}

/**
 * How long to wait in ms before a request is retried.
 *
 * @param failures how often CloudFront answered with an error by now, with nothing accepted in between
 * @returns undefined: not in this invocation
 */
export function retryDelay(error: ApiError, failures: number, circuitOpen: boolean): number | undefined {
  if (!isTransient(error)) return undefined;
  if (circuitOpen) return failures <= (isQuotaFull(error) ? QUOTA_ATTEMPTS : 1) ? 0 : undefined;
  return (isQuotaFull(error) ? QUOTA_DELAYS : FAILURE_DELAYS)[failures - 1];
}

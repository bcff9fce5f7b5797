import { type ApiError, apiError } from './api-error';
import { pathFault } from './path-rules';

/** What a caller asks to invalidate: the `InvalidationBatch` of the API. */
export interface InvalidationBatch {
  readonly callerReference: string;
  readonly paths: readonly string[];
  /** How many paths the caller says there are. */
  readonly quantity: number;
}

/**
 * Why a batch is rejected on its own, whatever came before it. One invalid path makes the whole batch invalid, and the message
 * does not name it (rust-lang/promote-release#94).
 */
export function batchFault(batch: InvalidationBatch, maxBatch: number): ApiError | undefined {
  if (batch.quantity !== batch.paths.length) return apiError('InconsistentQuantities');
  if (batch.paths.length > maxBatch) return apiError('BatchTooLarge');
  if (batch.paths.length === 0 || batch.callerReference === '') return apiError('InvalidArgument');
  if (batch.paths.some((path) => pathFault(path) !== undefined)) {
    return apiError('InvalidArgument', 'Your request contains one or more invalid invalidation paths.');
  }
  return undefined;
}

/**
 * Why a batch that reuses an earlier one's caller reference is rejected, or `undefined` if it is that same batch again.
 * Paths are compared as sets: whether their order or repetition counts to CloudFront is unknown; here it does not.
 *
 * The reference names `InvalidationBatchAlreadyExists`, which is in no service model; aws/aws-cdk#3878 shows this one.
 */
export function repetitionFault(earlier: readonly string[], paths: readonly string[]): ApiError | undefined {
  const before = new Set(earlier);
  const after = new Set(paths);
  if (before.size === after.size && [...after].every((path) => before.has(path))) return undefined;
  return apiError(
    'InvalidArgument',
    'Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.',
  );
}

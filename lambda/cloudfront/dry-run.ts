import { callerReference } from './caller-reference';
import type { Accepted, InvalidationRequest } from './create-invalidation';

/**
 * The outcome of a dry run: accepted, now. The function goes on as though it were, so what it remembers covers later changes
 * as in a real run.
 *
 * @param now in ms since the epoch
 */
export function dryRun({ messageIds, paths }: InvalidationRequest, now: number): Accepted {
  const reference = callerReference(messageIds, paths);
  return {
    kind: 'accepted',
    callerReference: reference,
    invalidationId: `dry-run-${reference}`,
    status: 'DryRun',
    createTime: now,
  };
}

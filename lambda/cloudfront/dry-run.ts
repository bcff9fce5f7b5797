import { callerReference } from './caller-reference';
import type { Accepted, InvalidationRequest } from './create-invalidation';

/**
 * What an invalidation would have come to: accepted, now. The function goes on as though it were, so that what it
 * remembers spares the same paths as it would in earnest, and the price that a dry run shows is the one that would be paid.
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

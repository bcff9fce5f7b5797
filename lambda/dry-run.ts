import { callerReference } from './caller-reference';
import type { Accepted, InvalidationRequest } from './create-invalidation';

/** What CloudFront bills for a path beyond the free ones, in US dollars: https://aws.amazon.com/cloudfront/pricing/ */
const DOLLARS_PER_PATH = 0.005;

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

/** What so many paths cost, the free ones of a month left out of account. */
export function dollars(pathCount: number): number {
  return Math.round(pathCount * DOLLARS_PER_PATH * 1000) / 1000;
}

import { createHash } from 'node:crypto';

/**
 * The caller reference of one request: the smallest id of its messages, which leads from the invalidation in the
 * console to the messages in the log, then a digest of all its messages and paths.
 *
 * The same messages with the same paths give the same reference, so a retry after a lost answer is answered with
 * the first invalidation and costs nothing. Anything else gives another one: a message that is retried beside a newer
 * change is never taken for the request it was first in, and is no conflict for having other paths than that.
 * See docs/decisions/caller-reference.md.
 *
 * @param attempt counts the references that CloudFront says were used already
 * @param tenant makes a reference of its own: whether tenants of a distribution share theirs is not documented, and one that is
 * answered with the invalidation of another would stay stale
 */
export function callerReference(
  messageIds: readonly string[],
  paths: readonly string[],
  attempt = 0,
  tenant?: string,
): string {
  const ids = [...new Set(messageIds)].sort();
  const digest = createHash('sha256')
    .update(JSON.stringify([ids, [...paths].sort(), attempt, ...(tenant === undefined ? [] : [tenant])]))
    .digest('hex');
  return `${ids[0]}-${digest.slice(0, 32)}`;
}

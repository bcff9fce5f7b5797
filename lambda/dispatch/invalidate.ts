import { type ApiError, isQuotaFull } from '../cloudfront/api-error';
import type { ServedChange } from '../event/batch';
import { groupPaths } from './path-group';
import { changesOf, makeRequests, type Requesting } from './send-requests';

/** What it takes to invalidate. */
export interface Invalidating extends Requesting {
  /**
   * The paths that cover the changes: the fewer and wider, or the fewer wildcards, the more often CloudFront's quota was full for
   * them. Or why they are not to be asked for now.
   */
  readonly plan: (changes: readonly ServedChange[], full: FullQuota) => Promise<readonly string[] | Postponement>;
  /** Whether CloudFront refused everything in the last invocations, and this one has no time to lose. */
  readonly isOutOfOrder: () => boolean;
}

/** CloudFront's quota was full for some changes. */
export interface FullQuota {
  /** How often, in this invocation. */
  readonly times: number;
  /** It takes no wildcards, but other paths. */
  readonly onlyWildcards: boolean;
}

export const NEVER_FULL: FullQuota = { times: 0, onlyWildcards: false };

/** Why nothing was asked for, though CloudFront might have accepted it. */
export interface Postponement {
  readonly kind: 'postponed';
  readonly name: string;
  readonly message: string;
}

/** Why messages must come back, by message id. */
export type Refusals = ReadonlyMap<string, ApiError | Postponement>;

/** Refusals for the quota after which the few objects under a wildcard are asked for one by one, which costs more. */
const SPARING = 2;

/**
 * Has every change covered by accepted invalidations. One bad path holds back its own message only: in a batch of n messages it
 * is found after about 2 log n calls. What CloudFront is too busy for is asked for again after growing waits, and under
 * fewer and wider paths each time, as long as there is time.
 *
 * @returns no entry for a message: everything that it asked for was accepted
 */
export async function invalidate(
  means: Invalidating,
  distribution: string,
  changes: readonly ServedChange[],
): Promise<Refusals> {
  const returned = new Map<string, ApiError | Postponement>();
  let open = changes;
  let tries = 0;
  let refused: ApiError | undefined;
  let full = NEVER_FULL;
  for (;;) {
    const plan = await means.plan(open, full);
    if ('kind' in plan) return giveBack(open, refused ?? plan);
    const parts = groupPaths(open, plan);
    const sparing = full.times < SPARING && !means.isOutOfOrder();
    const { accepted, left, refusal, onlyWildcards, invalid } = await makeRequests(means, distribution, parts, sparing);
    for (const [part, why] of invalid) giveBack(part.changes, why);
    if (!refusal) return returned;
    refused = refusal;
    full = { times: full.times + 1, onlyWildcards };
    tries = accepted ? 1 : tries + 1;
    open = changesOf(left);
    if (!isQuotaFull(refusal) || !(await means.wait(refusal, tries))) return giveBack(open, refusal);
  }

  function giveBack(changes: readonly ServedChange[], why: ApiError | Postponement): Refusals {
    for (const { messageId } of changes) returned.set(messageId, why);
    return returned;
  }
}

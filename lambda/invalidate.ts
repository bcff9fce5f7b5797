import type { ServedChange } from './batch';
import { partsOf } from './part';
import { isQuotaFull, type Refusal } from './refusal';
import { changesOf, makeRequests, messageIdsOf, type Requesting } from './requests';

/** What it takes to invalidate. */
export interface Invalidating extends Requesting {
  /** The paths that cover the changes: the fewer and wider, the more often CloudFront's quota was full for them. */
  readonly plan: (changes: readonly ServedChange[], refusals: number) => Promise<readonly string[]>;
}

/** Why messages must come back, by message id. */
export type Refusals = ReadonlyMap<string, Refusal>;

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
  const returned = new Map<string, Refusal>();
  let parts = partsOf(changes, await means.plan(changes, 0));
  let tries = 0;
  for (let refusals = 0; ; ) {
    const { accepted, left, refusal, invalid } = await makeRequests(means, distribution, parts, refusals < SPARING);
    for (const [part, why] of invalid) for (const id of messageIdsOf([part])) returned.set(id, why);
    if (!refusal) return returned;
    tries = accepted ? 1 : tries + 1;
    if (!isQuotaFull(refusal) || !(await means.wait(refusal, tries))) {
      for (const id of messageIdsOf(left)) returned.set(id, refusal);
      return returned;
    }
    refusals++;
    const open = changesOf(left);
    parts = partsOf(open, await means.plan(open, refusals));
  }
}

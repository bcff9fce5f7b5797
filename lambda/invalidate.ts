import type { ServedChange } from './batch';
import type { InvalidationRequest, Outcome } from './create-invalidation';
import { halves, type Part, partsOf, seconds } from './part';
import type { Refusal } from './refusal';

/** What it takes to invalidate. */
export interface Invalidating {
  /** Makes one call of CreateInvalidation, and tells whoever must know. */
  readonly create: (request: InvalidationRequest, changes: readonly ServedChange[]) => Promise<Outcome>;
  readonly pause: (ms: number) => Promise<void>;
}

/** Why messages must come back, by message id. */
export type Refusals = ReadonlyMap<string, Refusal>;

/**
 * Has every path of a plan invalidated: in one request, as long as CloudFront takes it. A request that it calls invalid is
 * divided until what it refuses stands alone, so that one bad path holds back its own message only: in a batch of n
 * messages, after about 2 log n calls. One that exceeds the quota by itself, which would never pass, is divided into
 * requests that do not. Every other refusal is about more than the request, so it ends the matter for now.
 *
 * @param plan covers every path of the changes
 * @returns no entry for a message: everything that it asked for was accepted
 */
export async function invalidate(
  { create, pause }: Invalidating,
  distribution: string,
  changes: readonly ServedChange[],
  plan: readonly string[],
): Promise<Refusals> {
  const returned = new Map<string, Refusal>();
  let ended: Refusal | undefined;

  async function request(parts: readonly Part[]): Promise<void> {
    const concerned = [...new Set(parts.flatMap((part) => part.changes))];
    const messageIds = [...new Set(concerned.map((change) => change.messageId))];
    if (!ended) {
      const paths = [...new Set(parts.flatMap((part) => part.paths))];
      const outcome = await create({ distribution, paths, messageIds }, concerned);
      if (outcome.kind === 'accepted') return;
      const { parts: smaller, pace } = divide(outcome, parts);
      for (const [index, each] of smaller.entries()) {
        if (index > 0 && !ended) await pause(pace);
        await request(each);
      }
      if (smaller.length > 0) return;
      if (outcome.kind !== 'invalid') ended = outcome;
      for (const messageId of messageIds) returned.set(messageId, outcome);
      return;
    }
    for (const messageId of messageIds) returned.set(messageId, ended);
  }

  await request(partsOf(changes, plan));
  return returned;
}

/** What may pass of a refused request: smaller requests, with a pause in ms between them. Nothing: not now. */
function divide(refusal: Refusal, parts: readonly Part[]): { parts: readonly Part[][]; pace: number } {
  if (refusal.kind === 'invalid') return { parts: halves(parts), pace: 0 };
  if (refusal.name !== 'TooManyInvalidationsInProgress') return { parts: [], pace: 0 };
  const requests = seconds(parts);
  return { parts: requests.length > 1 ? requests : [], pace: 1000 };
}

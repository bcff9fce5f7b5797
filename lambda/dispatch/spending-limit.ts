import { type Ledger, pathsOn } from './ledger';

/** Of what is left of the day, a batch may spend this share: so plans become wider as the day's paths are used up. */
const SHARE_OF_A_BATCH = 0.1;

/**
 * How many paths a batch may spend at most, so that a day never costs more than its maximum and a path a batch.
 *
 * @param isShared whether the ledger has what all execution environments spent. If not, two may not know of each other, and each
 * keeps half of what was left when they last did
 * @returns 0: the day's paths are used up, and a single wildcard covers the batch
 */
export function batchLimit(maximum: number, { spent, unshared }: Ledger, isShared: boolean, now: number): number {
  const [all, own] = [pathsOn(spent, now), pathsOn(unshared, now)];
  const left = isShared ? maximum - all : (maximum - (all - own)) / 2 - own;
  return left < 1 ? 0 : Math.max(1, Math.floor(left * SHARE_OF_A_BATCH));
}

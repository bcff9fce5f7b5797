import type { PlanOptions } from './plan';

/** Refused invocations in a row after which CloudFront is taken to be out of order, and not only busy. */
const OUT_OF_ORDER = 2;

/** How many times dearer each refusal for the quota makes a path. */
const WIDENING = 16;

/** What a warm function remembers of how its distributions take invalidations. Times in ms since the epoch. */
export interface Strain {
  /** CloudFront has accepted something. */
  accepted(distribution: string): void;
  /** An invocation has ended with something refused that passes later. */
  refused(distribution: string): void;
  /** Whether one after the other ended so, and nothing was accepted in between. */
  isOutOfOrder(distribution: string): boolean;
  /** A plan is sent that throws a large part of the cache away. */
  widened(distribution: string, now: number): void;
  /** When that was last; 0: never. */
  lastWidened(distribution: string): number;
}

export function makeStrain(): Strain {
  const refused = new Map<string, number>();
  const widened = new Map<string, number>();
  return {
    accepted: (distribution) => void refused.delete(distribution),
    refused: (distribution) => void refused.set(distribution, (refused.get(distribution) ?? 0) + 1),
    isOutOfOrder: (distribution) => (refused.get(distribution) ?? 0) >= OUT_OF_ORDER,
    widened: (distribution, now) => void widened.set(distribution, now),
    lastWidened: (distribution) => widened.get(distribution) ?? 0,
  };
}

/**
 * What a plan may ask for.
 *
 * @param refusals how often the quota was full for plans for the same changes in this invocation: then paths are scarce, and
 * what is unchanged has to give way to what is stale
 */
export function planOptions(refetchesPerPath: number, refusals: number): PlanOptions {
  if (refusals === 0) return { refetchesPerPath, leastSaving: 0.02 };
  return {
    refetchesPerPath: refetchesPerPath * WIDENING ** refusals,
    maxPaths: 150,
    maxWildcards: refusals === 1 ? 3 : 1,
  };
}

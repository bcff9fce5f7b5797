/** Between two checks, in seconds: SQS delays a message by up to 15 minutes. */
const SHORTEST_DELAY = 5;
const LONGEST_DELAY = 60;

/** A delay may be so much of the time since the acceptance: completion is seen that much late at most, and the batching window. */
const SHARE_OF_AGE = 1 / 4;

/** After so many seconds nobody waits any longer. CloudFront takes minutes at most. */
const LONGEST_WAIT = 3600;

/**
 * After how many seconds to look again whether an invalidation is completed; undefined: no more.
 *
 * @param age since it was accepted, in seconds
 */
export function nextCheck(age: number): number | undefined {
  if (age > LONGEST_WAIT) return undefined;
  return Math.round(Math.min(LONGEST_DELAY, Math.max(SHORTEST_DELAY, age * SHARE_OF_AGE)));
}

import { PACING } from '../../lambda/dispatch/pacing';
import { seconds } from './report';

/**
 * That waits for the pace of wildcards are expected, and why, as two sentences; empty if there was none.
 *
 * @param waits in ms
 */
export function keptApart(waits: readonly number[]): string {
  const longest = Math.max(0, ...waits);
  if (longest === 0) return '';
  const { usedWildcards, distance } = PACING;
  return (
    `Up to ${seconds(longest)} of that is expected: CloudFront takes few wildcards at a time, so the function keeps them apart. ` +
    `After ${usedWildcards} in ten minutes, the next waits until ${distance / 1_000} s after the last: docs/decisions/pacing.md.`
  );
}

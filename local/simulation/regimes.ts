import type { ControlPlaneOptions } from '../cloudfront/control-plane';
import { IN_PROGRESS_QUOTA, RATE_QUOTA } from '../cloudfront/quota';

/** How CloudFront limits invalidations, which AWS states in two ways, and how long they last: in 2022, 10 minutes; in 2026, 25 s. */
export interface Regime extends Required<Pick<ControlPlaneOptions, 'quota' | 'completesAfter'>> {
  readonly name: string;
  /** What the 99th percentile of staleness may be at most, in s. */
  readonly staleness: number;
}

export const REGIMES: readonly Regime[] = [
  { name: '25 s', quota: IN_PROGRESS_QUOTA, completesAfter: 25_000, staleness: 60 },
  { name: '600 s', quota: IN_PROGRESS_QUOTA, completesAfter: 600_000, staleness: 120 },
  { name: 'rate', quota: RATE_QUOTA, completesAfter: 25_000, staleness: 60 },
];

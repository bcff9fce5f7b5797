import type { ServedChange } from './batch';

/** How long ago the oldest of some changes was, in s; changes of which no time is known are new. */
export function stalenessOf(changes: readonly ServedChange[], now: number): number {
  return (now - changes.reduce((least, { time = now }) => Math.min(least, time), now)) / 1000;
}

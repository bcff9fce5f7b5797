import { setTimeout } from 'node:timers/promises';

/** Time, as the function sees it. */
export interface Clock {
  /** In ms since the epoch. */
  now(): number;
  /** Aborts after so many ms. */
  deadline(ms: number): AbortSignal;
  /** Ends after so many ms, or at once when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  deadline: (ms) => AbortSignal.timeout(Math.max(0, ms)),
  pause: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
};

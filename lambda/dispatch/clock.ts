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
  now: () => Date.now(),
  deadline: (ms) => AbortSignal.timeout(Math.max(0, ms)),
  pause: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
};

/** The time that an invocation has. */
export interface TimeLeft {
  /** Aborts when it is over. */
  readonly over: AbortSignal;
  /** In ms. */
  left(): number;
  /** Ends after so many ms, or when the time is over. */
  pause(ms: number): Promise<void>;
}

/** @param ms from now on */
export function timeLeft(clock: Clock, ms: number): TimeLeft {
  const end = clock.now() + ms;
  const over = clock.deadline(ms);
  return { over, left: () => end - clock.now(), pause: (ms) => clock.pause(ms, over) };
}

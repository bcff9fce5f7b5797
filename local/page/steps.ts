/** How many pages were stale, and how many had become fresh, from a moment on. */
export interface Step {
  /** Milliseconds. */
  readonly at: number;
  readonly stale: number;
  readonly fresh: number;
}

/** Most steps that are kept. */
export const MOST_STEPS = 240;

/** Adds a step; when they become too many, every second of the older half goes. */
export function addStep(steps: readonly Step[], step: Step): Step[] {
  const all = [...steps, step];
  if (all.length <= MOST_STEPS) return all;
  return all.filter((_, at) => at === 0 || at >= MOST_STEPS / 2 || at % 2 === 0);
}

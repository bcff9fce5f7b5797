import type { State } from './state';

/** One event of a schedule, or some that happen at once, and what the world is like after it. */
export interface Transition {
  /** For a reader. */
  readonly events: readonly string[];
  readonly next: State;
  /** The invariant that the event itself breaks. */
  readonly broken?: string;
}

import type { Lab } from './lab';

/** A row of the table. */
export interface Finding {
  readonly question: string;
  readonly answer: string;
  /** What was seen, in a few words. */
  readonly seen?: string;
  /** Whether a promise of ours is kept. @default - it is a measurement, and no promise */
  readonly kept?: boolean;
}

/** A measurement, or some that belong together. */
export interface Experiment {
  readonly name: string;
  /** The most paths that it invalidates itself. @default 0 */
  readonly paths?: number;
  /** The most that the invalidator does for what it changes. @default 0 */
  readonly invalidatorPaths?: number;
  /** Whether it shows that a promise of ours is kept. @default false */
  readonly isPromise?: boolean;
  readonly run: (lab: Lab) => Promise<readonly Finding[]>;
}

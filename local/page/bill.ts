import { DOLLARS_PER_PATH, FREE_PATHS_A_MONTH } from '../../lambda/contract/pricing';

/** What was paid for, next to what one path for each changed object would have been. */
export interface Bill {
  readonly paths: number;
  readonly changes: number;
  /** Dollars of a month with nothing else in it. */
  readonly dollars: number;
  readonly dollarsForEach: number;
  /** The same where the free paths are spent already. */
  readonly inFull: number;
  readonly inFullForEach: number;
}

export function billOf(paths: number, changes: number): Bill {
  return {
    paths,
    changes,
    dollars: dollarsFor(paths),
    dollarsForEach: dollarsFor(changes),
    inFull: paths * DOLLARS_PER_PATH,
    inFullForEach: changes * DOLLARS_PER_PATH,
  };
}

function dollarsFor(paths: number): number {
  return Math.max(0, paths - FREE_PATHS_A_MONTH) * DOLLARS_PER_PATH;
}

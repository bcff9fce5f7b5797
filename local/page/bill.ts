/** What CloudFront bills a path beyond the free ones of a month: https://aws.amazon.com/cloudfront/pricing/ */
export const DOLLARS_PER_PATH = 0.005;

/** Paths that are free in a month, for the whole account. */
export const FREE_PATHS = 1_000;

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
  return Math.max(0, paths - FREE_PATHS) * DOLLARS_PER_PATH;
}

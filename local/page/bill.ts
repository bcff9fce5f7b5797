import { DOLLARS_PER_PATH, FREE_PATHS_A_MONTH } from '../../lambda/contract/pricing';

/** What was paid for, next to what one path for each URL of each changed object would have been. */
export interface Bill {
  readonly paths: number;
  /** Under which the changed objects are served, each as often as it has changed. */
  readonly urls: number;
  /** Dollars of a month with nothing else in it. */
  readonly dollars: number;
  readonly dollarsForEach: number;
  /** The same where the free paths are spent already. */
  readonly inFull: number;
  readonly inFullForEach: number;
}

export function billOf(paths: number, urls: number): Bill {
  return {
    paths,
    urls,
    dollars: dollarsFor(paths),
    dollarsForEach: dollarsFor(urls),
    inFull: paths * DOLLARS_PER_PATH,
    inFullForEach: urls * DOLLARS_PER_PATH,
  };
}

function dollarsFor(paths: number): number {
  return Math.max(0, paths - FREE_PATHS_A_MONTH) * DOLLARS_PER_PATH;
}

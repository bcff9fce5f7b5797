/** What CloudFront bills for paths, wherever it is: https://aws.amazon.com/cloudfront/pricing/ */

/** In a calendar month, of all distributions of the account together. */
export const FREE_PATHS_A_MONTH = 1_000;

/** Each further path. */
export const DOLLARS_PER_PATH = 0.005;

/** What so many paths cost, to a tenth of a cent, the free ones of a month left out of account. */
export function dollars(pathCount: number): number {
  return Math.round(pathCount * DOLLARS_PER_PATH * 1000) / 1000;
}

/** Unchanged objects that may be evicted to save one path, unless somebody says otherwise. */
export const USUAL_REFETCHES_PER_PATH = 100;

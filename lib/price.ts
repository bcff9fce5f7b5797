/** What CloudFront bills for paths, wherever it is: https://aws.amazon.com/cloudfront/pricing/ */

/** In a calendar month, of all distributions of the account together. */
export const FREE_PATHS_A_MONTH = 1_000;

/** Each further path. */
export const DOLLARS_PER_PATH = 0.005;

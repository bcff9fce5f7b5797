/** How long the experiments wait, in ms. */
export interface Waits {
  /** Between two looks at the site. */
  readonly view: number;
  /** Between two calls of CloudFront's API, which allows an account few of them. */
  readonly api: number;
  /** After an invalidation is completed, before it is said that it did not reach an object. */
  readonly settle: number;
  /** For what CloudFront was told itself. */
  readonly invalidation: number;
  /** For what the invalidator has to notice first. */
  readonly pipeline: number;
  /** As long as that an error is surely held by the cache. */
  readonly heldError: number;
}

/** CloudFront holds an error for 10 s: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html */
export const AWS_WAITS: Waits = {
  view: 250,
  api: 2_000,
  settle: 3_000,
  invalidation: 60_000,
  pipeline: 120_000,
  heldError: 9_000,
};

export const LOCAL_WAITS: Waits = {
  view: 20,
  api: 50,
  settle: 0,
  invalidation: 20_000,
  pipeline: 40_000,
  heldError: 500,
};

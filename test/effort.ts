/** Set by the configuration of jest: true in the long mode, `npm run long`. */
declare const LONG: boolean;

/** Whether this is the long mode, `npm run long`. */
export const IS_LONG = LONG;

/** What the tests do that could always do more: some of it within `npm test`, a lot in the long mode. */
export const EFFORT = LONG ? { fuzzRuns: 100_000, changedKeys: 1_000_000 } : { fuzzRuns: 1_000, changedKeys: 20_000 };

/** In ms: a test that does more may take longer. */
export const PATIENCE = LONG ? 3_600_000 : 120_000;

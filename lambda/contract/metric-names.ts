/**
 * The names of the function's metrics. The function and the construct's alarms and dashboard both import this file, so that
 * neither can drift; it imports nothing.
 *
 * CloudWatch bills each name of each function by the hour in which it has data. So there is one dimension, the function, and no
 * distribution: what each distribution costs is in the log. And what is rare has data only when it happens.
 */

export const NAMESPACE = 'CloudFrontInvalidator';

/** The dimension, by Powertools' name for it; its value is the function's name. */
export const DIMENSION = 'service';

/** Of every batch, 0 included. */
export const EVERY_BATCH = {
  /** Received, including redeliveries. */
  messages: 'Messages',
  /** Of served objects, for each distribution that serves them; a redelivery is not counted again. */
  changes: 'Changes',
  /** Changes that an earlier invalidation covers. */
  coveredChanges: 'CoveredChanges',
  /** Accepted ones. */
  invalidations: 'Invalidations',
  /** Paths of accepted invalidations, as CloudFront bills them. */
  invalidatedPaths: 'InvalidatedPaths',
  /** Those of them that are wildcards. */
  wildcards: 'Wildcards',
  /** Unchanged objects under the wildcards, estimated. */
  evictedObjects: 'EvictedObjects',
  /** Requests of ListObjectsV2. */
  listedPages: 'ListedPages',
} as const;

/** Of batches in which it happens. */
export const AS_IT_HAPPENS = {
  /** For each accepted invalidation, how long ago the oldest of its changes was, in seconds: none was stale for longer. */
  staleness: 'Staleness',
  /**
   * For each invalidation, in seconds: from the oldest of its changes until its completion was seen. Only with an event bus.
   */
  timeToFresh: 'TimeToFresh',
  /** Messages that are retried because CloudFront did not accept what they need. */
  retriedMessages: 'RetriedMessages',
  /** Messages that no retry can fix, although they are retried: malformed, or of a path that CloudFront rejects. */
  rejectedMessages: 'RejectedMessages',
  /** Batches planned after the day's paths (maxPathsPerDay) were used up; each took a single wildcard. */
  budgetExhausted: 'BudgetExhausted',
  /** Invocations that went on without the ledger. */
  ledgerUnavailable: 'LedgerUnavailable',
} as const;

/** Calls of CreateInvalidation that were not accepted, by cause; of batches in which it happens. */
export const API_ERRORS = {
  throttled: 'ThrottledErrors',
  unavailable: 'UnavailableErrors',
  configuration: 'ConfigurationErrors',
  invalid: 'InvalidRequestErrors',
  conflict: 'ConflictErrors',
  unexpected: 'UnexpectedErrors',
} as const;

/** Why CloudFront did not accept a call of CreateInvalidation. */
export enum ApiErrorCause {
  /** A quota is used up, such as that of wildcards in progress. It passes by itself. */
  THROTTLED = 'throttled',

  /** CloudFront failed, or did not answer in time. It passes by itself. */
  UNAVAILABLE = 'unavailable',

  /** Access is denied, or the distribution does not exist. */
  CONFIGURATION = 'configuration',

  /** CloudFront rejects a path. */
  INVALID = 'invalid',

  /** The caller reference belongs to a request with other paths. */
  CONFLICT = 'conflict',

  /** Anything else. */
  UNEXPECTED = 'unexpected',
}

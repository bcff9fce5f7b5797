/**
 * Why CloudFront did not accept a request, by what is to be done:
 * - `conflict`: the caller reference was used for another request; a new one may pass
 * - `invalid`: something in this very request can never pass; parts of it may
 * - `throttled`, `unavailable`: the same request passes later
 * - `configuration`: passes only after somebody changed permissions or the distribution
 * - `unexpected`: none of the known; it is tried again later
 */
export type RefusalKind = 'conflict' | 'invalid' | 'throttled' | 'unavailable' | 'configuration' | 'unexpected';

/** A request that was not accepted. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** The error's name, as CloudFront or the SDK gives it. */
  readonly name: string;
  readonly message: string;
}

const INVALID = ['InvalidArgument', 'BatchTooLarge'];
const THROTTLED = [
  'TooManyInvalidationsInProgress',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
];
const UNAVAILABLE = ['TimeoutError', 'AbortError', 'ServiceUnavailable', 'InternalError', 'InternalFailure'];

/**
 * Tells from an error of the SDK what it means. By name, because most of what CloudFront answers is not in its service
 * model: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html
 */
export function toRefusal(error: unknown): Refusal {
  const { name, message, status, code } = describe(error);
  return { kind: kindOf(name, message, status, code), name, message };
}

function kindOf(name: string, message: string, status: number | undefined, code: string | undefined): RefusalKind {
  // Documented as InvalidationBatchAlreadyExists, answered as InvalidArgument: https://github.com/aws/aws-cdk/issues/3878
  if (name === 'InvalidationBatchAlreadyExists') return 'conflict';
  if (name === 'InvalidArgument' && /caller ?reference/i.test(message)) return 'conflict';
  if (INVALID.includes(name) || status === 413) return 'invalid';
  if (THROTTLED.includes(name) || status === 429) return 'throttled';
  if (UNAVAILABLE.includes(name) || (status !== undefined && status >= 500)) return 'unavailable';
  // Node names the errors of connections by code: ECONNREFUSED, ECONNRESET, ENOTFOUND, EPIPE, … One may break in mid-answer.
  if ((status === undefined || status < 300) && code !== undefined && /^E[A-Z_]+$/.test(code)) return 'unavailable';
  // AccessDenied, NoSuchDistribution, and all that can be wrong with credentials.
  if (name === 'CredentialsProviderError' || (status !== undefined && [401, 403, 404].includes(status))) {
    return 'configuration';
  }
  return 'unexpected';
}

function describe(error: unknown): { name: string; message: string; status?: number; code?: string } {
  if (!(error instanceof Error)) return { name: 'unknown', message: String(error) };
  const { $metadata, code } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: unknown };
  return {
    name: error.name,
    message: error.message,
    status: $metadata?.httpStatusCode,
    code: typeof code === 'string' ? code : undefined,
  };
}

/** Whether a refusal is for CloudFront's quota of invalidations: then fewer paths may pass, or the same ones later. */
export function isQuotaFull({ name }: Pick<Refusal, 'name'>): boolean {
  return name === 'TooManyInvalidationsInProgress';
}

/** Whether the same request passes later. */
export function passesLater({ kind }: Pick<Refusal, 'kind'>): boolean {
  return kind === 'throttled' || kind === 'unavailable';
}

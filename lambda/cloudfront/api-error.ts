import type { Target } from '../contract/target';

/**
 * Why CloudFront did not accept a request, by what is to be done:
 * - `conflict`: the caller reference was used for another request; a new one may pass
 * - `invalid`: by CloudFront's answer, something in this request can never pass; smaller requests may
 * - `throttled`, `unavailable`: the same request passes later
 * - `configuration`: passes only after somebody changed permissions or the distribution
 * - `unexpected`: none of the known errors; it is retried later
 */
export type ApiErrorKind = 'conflict' | 'invalid' | 'throttled' | 'unavailable' | 'configuration' | 'unexpected';

/** A request that was not accepted. */
export interface ApiError {
  readonly kind: ApiErrorKind;
  /** The error's name, as CloudFront or the SDK gives it. */
  readonly name: string;
  readonly message: string;
}

/** Known by name, should an error come without the status that says the same. */
const INVALID = ['InvalidArgument', 'BatchTooLarge'];
const THROTTLED = [
  'TooManyInvalidationsInProgress',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
];
/** What can be wrong with credentials or a signature; most of it is answered by a status that says so. */
const CONFIGURATION = [
  'CredentialsProviderError',
  'IncompleteSignature',
  'RequestExpired',
  'UnrecognizedClientException',
];
const UNAVAILABLE = ['TimeoutError', 'AbortError', 'ServiceUnavailable', 'InternalError', 'InternalFailure'];

/**
 * What an error of the SDK means. By name, because most of what CloudFront answers is not in its service
 * model: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html
 */
export function toApiError(error: unknown): ApiError {
  const { name, message } = error instanceof Error ? error : { name: 'unknown', message: String(error) };
  const { $metadata, $response, code } = Object(error) as {
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
    code?: unknown;
  };
  /** Of an answer that was understood. */
  const status = $metadata?.httpStatusCode;
  const kind = kindOf(name, message, status, typeof code === 'string' ? code : undefined);
  return { kind, name, message: explain(name, message, status ?? $response?.statusCode) };
}

function kindOf(name: string, message: string, status: number | undefined, code: string | undefined): ApiErrorKind {
  // Documented as InvalidationBatchAlreadyExists, answered as InvalidArgument: https://github.com/aws/aws-cdk/issues/3878
  if (name === 'InvalidationBatchAlreadyExists') return 'conflict';
  if (name === 'InvalidArgument' && /caller ?reference/i.test(message)) return 'conflict';
  if (THROTTLED.includes(name) || status === 429) return 'throttled';
  if (UNAVAILABLE.includes(name) || (status !== undefined && status >= 500)) return 'unavailable';
  // Node names the errors of connections by code: ECONNREFUSED, ECONNRESET, ENOTFOUND, EPIPE, … One may break in mid-answer.
  if (code !== undefined && /^E[A-Z_]+$/.test(code)) return 'unavailable';
  // AccessDenied, NoSuchDistribution, EntityNotFound of a tenant, and all that can be wrong with credentials.
  if (CONFIGURATION.includes(name) || (status !== undefined && [401, 403, 404].includes(status))) {
    return 'configuration';
  }
  // MalformedInput, … By whatever name: one bad path must not hold back the others.
  if (INVALID.includes(name) || status === 400 || status === 413) return 'invalid';
  return 'unexpected';
}

/** What the SDK adds where it could not read an answer: advice for debugging. */
const UNREADABLE = /\s*Deserialization error: to see the raw response.*$/s;

/** Longer messages say no more. */
const LONGEST_MESSAGE = 1000;

/** A message for the log: where CloudFront names no error, its HTTP status. */
function explain(name: string, message: string, status: number | undefined): string {
  const text = message.replace(UNREADABLE, '').slice(0, LONGEST_MESSAGE);
  const isTold = name !== 'Unknown' && !UNREADABLE.test(message);
  return isTold || status === undefined ? text : `HTTP ${status}, but no answer that can be understood: ${text}`;
}

/** What an invalidation of a distribution that serves nobody itself would be answered, in words that help. Origins with a tenant pass. */
export function tenantOnly(distribution: string): ApiError {
  return {
    kind: 'configuration',
    name: 'TenantOnlyDistribution',
    message:
      `Distribution ${distribution} serves viewers by its tenants only (ConnectionMode "tenant-only"), and takes no ` +
      'invalidations of its own: state the option tenant, the id of the tenant that serves the bucket, with its originPath',
  };
}

/** Where nobody can know what viewers have an object under, acknowledging its change would leave it stale. */
export function originPathUnknown({ distribution, tenant }: Target, paths: readonly string[]): ApiError {
  const written = paths.map((path) => JSON.stringify(path)).join(' and ');
  return {
    kind: 'configuration',
    name: 'OriginPathUnknown',
    message:
      `Distribution ${distribution} has the origin path ${written}, with parameters of its tenants: ` +
      `state the option originPath, as tenant ${tenant} has it`,
  };
}

/** Whether CloudFront's quota of invalidations is full: then fewer paths may pass, or the same ones later. */
export function isQuotaFull({ name }: Pick<ApiError, 'name'>): boolean {
  return name === 'TooManyInvalidationsInProgress';
}

/** Whether the same request passes later. */
export function isTransient({ kind }: Pick<ApiError, 'kind'>): boolean {
  return kind === 'throttled' || kind === 'unavailable';
}

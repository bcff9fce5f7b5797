import { type ApiError, isTransient, toApiError } from '../lambda/cloudfront/api-error';

/** A call that failed: what, why, and what to do about it. The command line is all right. */
export class CallFailure extends Error {
  constructor(what: string, error: unknown) {
    super(`${what}: ${failureOf(error)}`);
    this.name = 'CallFailure';
  }
}

/** For `catch`: throws a {@link CallFailure} that says which call failed. */
export function because(what: string): (error: unknown) => never {
  return (error) => {
    throw new CallFailure(what, error);
  };
}

/** Why a call failed, and what to do where that is known, for people. Without a full stop at the end. */
export function failureOf(error: unknown): string {
  const told = toApiError(error);
  const said = inOneLine(told, codeOf(error));
  const known = CAUSES.find(({ isOf }) => isOf(told, codeOf(error)));
  return known ? `${known.why(said)}. ${known.remedy}` : said;
}

/** Whether the same call may pass later. */
export function mayPass(error: unknown): boolean {
  return isTransient(toApiError(error));
}

interface Cause {
  isOf(error: ApiError, code: string): boolean;
  /** @param said the error's own words */
  why(said: string): string;
  readonly remedy: string;
}

/** The SDK does not say that the profile is what has none. */
function ofProfile(): string {
  const { AWS_PROFILE: profile } = process.env;
  return profile ? ` of the profile ${profile}, which AWS_PROFILE names` : '';
}

/** What the SDK says when nothing has credentials: no more than that. */
const NO_CREDENTIALS = 'Could not load credentials from any providers';

/** Names of errors: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html#CommonErrors */
const EXPIRED = ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'];
const REJECTED = [
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];
const DENIED = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'];
const TIMED_OUT = ['AbortError', 'TimeoutError'];

const CAUSES: readonly Cause[] = [
  {
    isOf: ({ name }) => name === 'CredentialsProviderError',
    why: (said) => `no credentials${ofProfile()}${said.includes(NO_CREDENTIALS) ? '' : ` (${said})`}`,
    remedy: 'Set AWS_PROFILE to a profile that has some, or run `aws configure`',
  },
  {
    isOf: ({ name }) => EXPIRED.includes(name),
    why: (said) => `the credentials have expired (${said})`,
    remedy: 'Sign in again, for example with `aws sso login`',
  },
  {
    isOf: ({ name }) => REJECTED.includes(name),
    why: (said) => `AWS does not accept the credentials (${said})`,
    remedy: 'Check them with `aws sts get-caller-identity`',
  },
  {
    isOf: ({ name }) => DENIED.includes(name),
    why: (said) => `access is denied (${said})`,
    remedy: 'Allow the calls that --help lists, or set AWS_PROFILE to another profile',
  },
  {
    isOf: ({ name }) => name === 'NoSuchDistribution',
    why: () => 'there is no such distribution in this account (NoSuchDistribution)',
    remedy: 'Check the id, and the account of AWS_PROFILE',
  },
  {
    isOf: ({ name }, code) => TIMED_OUT.includes(name) || /^E[A-Z_]+$/.test(code),
    why: (said) => `no connection (${said})`,
    remedy: 'Check the network, and the URL if you gave one',
  },
];

function inOneLine({ name, message }: ApiError, code: string): string {
  // Node has no words for several addresses that all refuse.
  const text = (message || code || name).replace(/\s+/g, ' ').replace(/\.$/, '');
  return text.startsWith(name) || name === 'Error' || name === 'AggregateError' ? text : `${name}: ${text}`;
}

/** By which Node names the errors of connections. */
function codeOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

import { toApiError } from '../../../lambda/cloudfront/api-error';

const error = (name: string, { status, code, message = '' }: { status?: number; code?: string; message?: string }) =>
  Object.assign(new Error(message), { name, code, $metadata: { httpStatusCode: status } });

test.each([
  ['TooManyInvalidationsInProgress', { status: 400 }, 'throttled'],
  ['Throttling', { status: 400, message: 'Rate exceeded' }, 'throttled'],
  ['ThrottlingException', { status: 400 }, 'throttled'],
  ['TooManyRequestsException', { status: 400 }, 'throttled'],
  ['RequestLimitExceeded', { status: 400 }, 'throttled'],
  ['SlowDown', { status: 429 }, 'throttled'],
  ['InvalidArgument', { status: 400, message: 'Your request contains one or more invalid paths.' }, 'invalid'],
  ['BatchTooLarge', { status: 413 }, 'invalid'],
  ['InvalidArgument', { status: 400, message: 'a caller reference that was used' }, 'conflict'],
  ['InvalidArgument', { status: 400, message: 'The CallerReference was used' }, 'conflict'],
  ['ServiceUnavailable', { status: 503 }, 'unavailable'],
  ['ServiceUnavailable', {}, 'unavailable'],
  ['InternalError', {}, 'unavailable'],
  ['InternalFailure', {}, 'unavailable'],
  ['InvalidArgument', {}, 'invalid'],
  ['BatchTooLarge', {}, 'invalid'],
  ['Unknown', { status: 500 }, 'unavailable'],
  ['TimeoutError', {}, 'unavailable'],
  ['Error', { code: 'ECONNREFUSED' }, 'unavailable'],
  ['Error', { code: 'ENOTFOUND' }, 'unavailable'],
  ['Error', { status: 201, code: 'ECONNRESET', message: 'aborted' }, 'unavailable'],
  ['Error', { status: 400, code: 'ECONNRESET', message: 'aborted' }, 'unavailable'],
  ['Unauthorized', { status: 401 }, 'configuration'],
  ['AccessDenied', { status: 403 }, 'configuration'],
  ['NoSuchDistribution', { status: 404 }, 'configuration'],
  ['InvalidClientTokenId', { status: 403 }, 'configuration'],
  ['CredentialsProviderError', {}, 'configuration'],
  ['MalformedInput', { status: 400 }, 'invalid'],
  ['IncompleteSignature', { status: 400 }, 'configuration'],
  ['MethodNotAllowed', { status: 405 }, 'unexpected'],
  ['SyntaxError', { status: 201 }, 'unexpected'],
  ['TypeError', {}, 'unexpected'],
])('%s, %j, is %s', (name, details, kind) => {
  expect(toApiError(error(name, details))).toMatchObject({ kind, name });
});

test.each<[string, { $metadata?: object; $response?: object }, string]>([
  ['Unknown', { $metadata: { httpStatusCode: 302 } }, 'HTTP 302, but no answer that can be understood: no such tag'],
  ['Error', { $response: { statusCode: 201 } }, 'HTTP 201, but no answer that can be understood: no such tag'],
  ['Error', {}, 'no such tag'],
])('the reason of %s, %j, tells the HTTP status where CloudFront names no error', (name, details, message) => {
  const hint =
    name === 'Unknown' ? '' : '\n  Deserialization error: to see the raw response, inspect the hidden field.';
  const thrown = Object.assign(new Error(`no such tag${hint}`), { name, ...details });
  expect(toApiError(thrown).message).toBe(message);
});

test('a reason is as long as a log line has room for', () => {
  expect(toApiError(error('AccessDenied', { status: 403, message: 'x'.repeat(1_000_000) })).message).toHaveLength(1000);
});

test('what is no error is told as it is', () => {
  expect(toApiError('broken')).toEqual({ kind: 'unexpected', name: 'unknown', message: 'broken' });
});

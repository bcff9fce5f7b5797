import { toRefusal } from '../../lambda/refusal';

const error = (name: string, { status, code, message = '' }: { status?: number; code?: string; message?: string }) =>
  Object.assign(new Error(message), { name, code, $metadata: { httpStatusCode: status } });

test.each([
  ['TooManyInvalidationsInProgress', { status: 400 }, 'throttled'],
  ['Throttling', { status: 400, message: 'Rate exceeded' }, 'throttled'],
  ['SlowDown', { status: 429 }, 'throttled'],
  ['InvalidArgument', { status: 400, message: 'Your request contains one or more invalid paths.' }, 'invalid'],
  ['BatchTooLarge', { status: 413 }, 'invalid'],
  ['InvalidArgument', { status: 400, message: 'a caller reference that was used' }, 'conflict'],
  ['ServiceUnavailable', { status: 503 }, 'unavailable'],
  ['Unknown', { status: 500 }, 'unavailable'],
  ['TimeoutError', {}, 'unavailable'],
  ['Error', { code: 'ECONNREFUSED' }, 'unavailable'],
  ['Error', { code: 'ENOTFOUND' }, 'unavailable'],
  ['Error', { status: 201, code: 'ECONNRESET', message: 'aborted' }, 'unavailable'],
  ['AccessDenied', { status: 403 }, 'configuration'],
  ['NoSuchDistribution', { status: 404 }, 'configuration'],
  ['InvalidClientTokenId', { status: 403 }, 'configuration'],
  ['CredentialsProviderError', {}, 'configuration'],
  ['MissingBody', { status: 400 }, 'unexpected'],
  ['SyntaxError', { status: 201 }, 'unexpected'],
  ['TypeError', {}, 'unexpected'],
])('%s, %j, is %s', (name, details, kind) => {
  expect(toRefusal(error(name, details))).toMatchObject({ kind, name });
});

test('what is no error is told as it is', () => {
  expect(toRefusal('broken')).toEqual({ kind: 'unexpected', name: 'unknown', message: 'broken' });
});

import { CallFailure, failureOf } from '../../cli/failure';

const named = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });
const denied = 'User: arn:aws:iam::123456789012:user/a is not authorized to perform: cloudfront:GetDistributionConfig';

test.each([
  [
    'no credentials',
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    /^no credentials\. Set AWS_PROFILE/,
  ],
  [
    'credentials that a profile cannot give',
    named('CredentialsProviderError', 'Profile a is broken.'),
    /^no credentials \(.*Profile a is broken\)\. Set AWS_PROFILE/,
  ],
  [
    'credentials that have expired',
    named('ExpiredToken', 'It has expired'),
    /^the credentials have expired \(ExpiredToken: It has expired\)\. Sign in again/,
  ],
  [
    'credentials that nobody knows',
    named('InvalidClientTokenId', 'Unknown key.'),
    /^AWS does not accept the credentials \(InvalidClientTokenId: Unknown key\)\. Check them/,
  ],
  [
    'a call that is not allowed',
    named('AccessDenied', denied),
    /^access is denied \(AccessDenied: User: .*GetDistributionConfig\)\. Allow the calls/,
  ],
  [
    'a name that is not resolved',
    named('Error', 'getaddrinfo ENOTFOUND a', { code: 'ENOTFOUND' }),
    /^no connection \(getaddrinfo ENOTFOUND a\)\. Check the network/,
  ],
  [
    'addresses that all refuse, of which Node says nothing',
    named('AggregateError', '', { code: 'ECONNREFUSED' }),
    /^no connection \(ECONNREFUSED\)\. Check the network/,
  ],
  [
    'a call that took too long',
    named('TimeoutError', 'It took 20 s'),
    /^no connection \(TimeoutError: It took 20 s\)\. Check/,
  ],
  ['anything else', named('NoSuchBucket', 'No\nsuch bucket.'), /^NoSuchBucket: No such bucket$/],
])('%s is told in a line, and what to do', (_, error, told) => {
  expect(failureOf(error)).toMatch(told);
  expect(new CallFailure('It fails', error).message).toBe(`It fails: ${failureOf(error)}`);
});

/** What a call is refused with, as it was seen or as the service model has it. */
const ERRORS = {
  TooManyInvalidationsInProgress: [400, 'Processing your request will cause you to exceed the maximum number.'],
  Throttling: [400, 'Rate exceeded'],
  InternalServerError: [500, 'The request processing has failed because of an unknown error.'],
  ServiceUnavailable: [503, 'CloudFront encountered an internal error. Please try again.'],
  InvalidPath: [400, 'Your request contains one or more invalid invalidation paths.'],
  UsedReference: [
    400,
    'Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.',
  ],
  ECONNRESET: [undefined, 'socket hang up'],
  AbortError: [undefined, 'Request aborted'],
} as const;

/** What a call may fail with. */
export type SdkErrorName = keyof typeof ERRORS;

/** An error as the SDK throws it: CloudFront's own have a status, a connection's have a code. */
export function sdkError(name: SdkErrorName): Error {
  const [status, message] = ERRORS[name];
  const error = new Error(message);
  if (name === 'ECONNRESET') return Object.assign(error, { code: name, $metadata: {} });
  const isArgument = name === 'InvalidPath' || name === 'UsedReference';
  return Object.assign(error, { name: isArgument ? 'InvalidArgument' : name, $metadata: { httpStatusCode: status } });
}

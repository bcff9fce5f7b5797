/** An error as the CloudFront API answers it. */
export interface ApiError {
  /** HTTP status. */
  readonly status: number;
  /** The `Code` element, which SDKs turn into the exception's name. */
  readonly code: string;
  /** The `Message` element. */
  readonly message: string;
}

/**
 * The errors of the operations that this server has, with the statuses of the service models
 * 2017-03-25 and 2020-05-31. Messages are those users have reported, where one was found, else the reference's text.
 * `MalformedInput` and `MalformedXML` are in no model; aws-sdk-perl#112 and aws-sdk-php#1973 show them.
 */
const STATUS_AND_MESSAGE = {
  AccessDenied: [403, 'Access denied.'],
  BatchTooLarge: [413, 'Invalidation batch specified is too large.'],
  EntityNotFound: [404, 'The entity was not found.'],
  InconsistentQuantities: [400, 'The value of Quantity and the size of Items do not match.'],
  InvalidArgument: [400, 'The argument is invalid.'],
  MalformedInput: [400, 'Could not parse XML'],
  MalformedXML: [400, 'The XML document does not validate.'],
  MissingBody: [
    400,
    'This operation requires a body. Ensure that the body is present and the Content-Type header is set.',
  ],
  NoSuchCachePolicy: [404, 'The specified cache policy does not exist.'],
  NoSuchDistribution: [404, 'The specified distribution does not exist.'],
  NoSuchInvalidation: [404, 'The specified invalidation does not exist.'],
  NoSuchResource: [404, 'The specified resource does not exist.'],
  TooManyInvalidationsInProgress: [
    400,
    'Processing your request will cause you to exceed the maximum number of in-progress invalidations.',
  ],
} as const satisfies Record<string, readonly [number, string]>;

/**
 * An error of the API by its code.
 *
 * @param message @default - the usual one
 */
export function apiError(code: keyof typeof STATUS_AND_MESSAGE, message?: string): ApiError {
  const [status, usual] = STATUS_AND_MESSAGE[code];
  return { status, code, message: message ?? usual };
}

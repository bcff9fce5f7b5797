/**
 * The code of a CloudFront Function, for requests of viewers: a URL of a folder, with or without its slash, asks the origin for the
 * folder's index document. It is no redirect, so none can go round in circles, and the query string is not touched. A name without
 * a dot is taken for a folder, so such an object is served under `/.well-known/` alone, where names without dots are the rule.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
export function folderUrlCode(indexDocument: string): string {
  const document = JSON.stringify(encodeURIComponent(indexDocument));
  return `function handler(event) {
  const request = event.request;
  const name = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (request.uri.startsWith('/.well-known/')) return request;
  if (name === '') request.uri += ${document};
  else if (!name.includes('.')) request.uri += '/' + ${document};
  return request;
}
`;
}

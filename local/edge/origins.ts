import type { Origin } from '@aws-sdk/client-cloudfront';
import { bucketAt } from './bucket-domain';
import type { CachedResponse } from './cache';
import { type GetFromOrigin, requestFrom } from './http-origin';

/** A request to an origin. */
export interface OriginRequest {
  /** As the viewer, or a function, wrote it; never empty. */
  readonly path: string;
  /** What of the query string is forwarded, without the question mark. */
  readonly query: string | undefined;
}

/** Asks an origin of a distribution. Rejects with an Error that names the origin and says what happened. */
export type AskOrigin = (origin: Origin, request: OriginRequest, signal: AbortSignal) => Promise<CachedResponse>;

/** The index document of a website endpoint. */
const INDEX_DOCUMENT = 'index.html';

/**
 * The ways from the edge to its origins: buckets are at the local S3, whatever their domain is; other servers are at their domain and
 * port. Query strings are forwarded to those alone: to S3 the few that mean something request other things than objects.
 *
 * @param s3 an S3 endpoint, path style
 * @param timeout milliseconds before an origin that says nothing is given up
 */
export function connectToOrigins(s3: string, timeout: number): AskOrigin {
  return (origin, { path, query }, signal) => {
    const originPath = origin.OriginPath?.replace(/\/+$/, '') ?? '';
    const found = bucketAt(origin.DomainName ?? '');
    if (!found) {
      const asked = originPath + path + (query ? `?${query}` : '');
      return requestFrom(urlOf(origin), timeout, headersOf(origin))(asked, signal);
    }
    // To S3 a + in a URL is a space; local S3 servers differ, so it is said plainly.
    const bucket = requestFrom(`${s3}/${found.bucket}`, timeout);
    const get: GetFromOrigin = (each, given) => bucket(each.replaceAll('+', '%20'), given);
    if (found.isWebsite) return getFromWebsite(get, originPath + path, path, signal);
    // The bucket itself: it lets nobody list it.
    return originPath + path === '/' ? Promise.resolve(accessDenied()) : get(originPath + path, signal);
  };
}

/** A folder's URL is its index document's; without the slash at the end, it leads to the one that has it. */
async function getFromWebsite(
  get: GetFromOrigin,
  key: string,
  path: string,
  signal: AbortSignal,
): Promise<CachedResponse> {
  if (key.endsWith('/')) return get(key + INDEX_DOCUMENT, signal);
  const response = await get(key, signal);
  if (response.status !== 403 && response.status !== 404) return response;
  const folder = await get(`${key}/${INDEX_DOCUMENT}`, signal);
  if (folder.status !== 200) return response;
  return { status: 302, headers: { location: `${path}/` }, body: Buffer.alloc(0), storedAt: Date.now() };
}

function urlOf({ DomainName, CustomOriginConfig }: Origin): string {
  const { HTTPPort = 80, HTTPSPort = 443, OriginProtocolPolicy } = CustomOriginConfig ?? {};
  return OriginProtocolPolicy === 'https-only'
    ? `https://${DomainName}:${HTTPSPort}`
    : `http://${DomainName}:${HTTPPort}`;
}

function headersOf({ CustomHeaders }: Origin): Record<string, string> {
  const all = CustomHeaders?.Items ?? [];
  return Object.fromEntries(all.map(({ HeaderName = '', HeaderValue = '' }) => [HeaderName, HeaderValue]));
}

function accessDenied(): CachedResponse {
  const body = Buffer.from(
    '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
  );
  return { status: 403, headers: { 'content-type': 'application/xml' }, body, storedAt: Date.now() };
}

import { type IncomingHttpHeaders, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { encodeUnsafe } from '../cloudfront/path-rules';
import type { CachedResponse } from './cache';

/** Asks a server for a path. Rejects with an Error that names the server and says what happened. */
export type GetFromOrigin = (path: string, signal: AbortSignal) => Promise<CachedResponse>;

/**
 * The way to a server: what it answers is what the edge may keep. Plain `node:http`, not `fetch`: that would resolve
 * the `..` of a path, and request another object than the viewer did.
 *
 * @param origin its URL, and what stands before every path there
 * @param timeout milliseconds before an origin that says nothing is given up
 * @param headers of every request
 */
export function requestFrom(origin: string, timeout: number, headers: Record<string, string> = {}): GetFromOrigin {
  const { protocol, hostname, port, pathname } = new URL(origin);
  const base = pathname.replace(/\/$/, '');
  const send = protocol === 'https:' ? secureRequest : request;
  return (path, signal) =>
    new Promise((resolve, reject) => {
      const timedOut = AbortSignal.timeout(timeout);
      const fail = (error: Error) => {
        const why = timedOut.aborted
          ? `nothing came for ${timeout} ms`
          : ('code' in error && error.code) || error.message;
        reject(new Error(`The origin ${origin} did not answer: ${why}.`, { cause: error }));
      };
      const outgoing = send(
        {
          hostname,
          port,
          headers,
          path: base + encodeUnsafe(path),
          // A connection of its own: one kept alive may be closed by the origin just as it is used again.
          agent: false,
          signal: AbortSignal.any([signal, timedOut]),
        },
        (response) => {
          buffer(response).then((body) => {
            const kept = endToEnd(response.headers);
            resolve({ status: response.statusCode ?? 502, headers: kept, body, storedAt: Date.now() });
          }, fail);
        },
      );
      outgoing.on('error', fail).end();
    });
}

/** What stays at the connection (RFC 9110, section 7.6.1), and the length, which is that of the body held. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'content-length',
]);

function endToEnd(headers: IncomingHttpHeaders): CachedResponse['headers'] {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) kept[name] = value;
  }
  return kept;
}

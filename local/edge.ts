import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Invalidation } from './cloudfront/control-plane';
import type { LocalCloudFront } from './cloudfront/server';
import { type CachedResponse, createEdgeCache } from './edge-cache';
import { connectToOrigin } from './edge-origin';
import { closeServer, createLoopbackServer, listenOnLoopback } from './loopback';

export interface EdgeOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** The bucket at an S3 endpoint, path style: `http://127.0.0.1:4566/bucket`. */
  readonly origin: string;
  /** In front of every request path, such as `/site`. @default - none */
  readonly originPath?: string;
  /** The object that `/` is answered with, such as `index.html`. @default - none */
  readonly defaultRootObject?: string;
  /** Whether the cache key has the query string. @default false */
  readonly queryStrings?: boolean;
  /** What a function at the edge makes of a request's path, behind the cache: the origin's path. @default - what it is */
  readonly rewrite?: (path: string) => string;
  /** The distribution whose invalidations count here. */
  readonly distribution: string;
  readonly cloudFront: Pick<LocalCloudFront, 'onInvalidation'>;
  /** Milliseconds from the acceptance of an invalidation to its effect. @default 0 */
  readonly appliesAfter?: number;
  /** Milliseconds before an origin that says nothing is given up. @default 30000, CloudFront's response time-out */
  readonly originTimeout?: number;
}

export interface Edge {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts a small edge: an HTTP cache in front of a bucket that serves what it holds until an invalidation matches it.
 *
 * - The cache key is the path as requested, byte for byte; query strings are not in it (CachingOptimized), or all of them
 *   are. They are never forwarded: to S3 the few that mean something request other things than objects. `/` and the default root object's own path are two entries.
 * - 200, 403 and 404 are held, whatever Cache-Control says, until invalidated: what the invalidator misses stays visible.
 *   CloudFront would hold errors for 10 s (custom-error-pages-expiration.html); a new page whose 404 is held needs its
 *   invalidation just the same.
 * - HEAD is answered from the same entry as GET; ranges and conditions are ignored.
 */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { origin, originPath = '', defaultRootObject = '', appliesAfter = 0, originTimeout = 30_000 } = options;
  const getFromOrigin = connectToOrigin(origin, originTimeout);
  const cache = createEdgeCache();
  const timers = new Set<NodeJS.Timeout>();
  const closing = new AbortController();

  function apply({ distribution, paths }: Invalidation): void {
    if (distribution !== options.distribution || closing.signal.aborted) return;
    if (appliesAfter === 0) {
      cache.invalidate(paths);
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      cache.invalidate(paths);
    }, appliesAfter);
    timers.add(timer);
  }

  async function fetchAndStore(path: string, cacheKey: string): Promise<CachedResponse> {
    const fetch = cache.beginFetch(cacheKey);
    try {
      const asked = options.rewrite?.(path) ?? path;
      const object = asked === '/' ? `/${defaultRootObject}` : asked;
      // The bucket itself: it lets nobody list it.
      const response =
        originPath + object === '/' ? accessDenied() : await getFromOrigin(originPath + object, closing.signal);
      if ([200, 403, 404].includes(response.status)) fetch.store(response);
      return response;
    } finally {
      fetch.end();
    }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.replace(/\?.*$/s, '') ?? '';
    if (!path.startsWith('/')) return sendError(response, 400, 'The request path does not begin with a slash.');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return sendError(
        response,
        403,
        'This edge is not configured to allow the request method: it takes GET and HEAD.',
      );
    }
    const cacheKey = options.queryStrings ? (request.url ?? '') : path;
    const held = cache.get(cacheKey);
    const { status, headers, body, storedAt } = held ?? (await fetchAndStore(path, cacheKey));
    response.writeHead(status, {
      ...headers,
      'Content-Length': body.length,
      'X-Cache': held ? 'Hit from cloudfront' : 'Miss from cloudfront',
      ...(held ? { Age: Math.max(0, Math.floor((Date.now() - storedAt) / 1000)) } : {}),
    });
    // To a HEAD, Node.js sends no body.
    response.end(body);
  }

  const server = createLoopbackServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      if (response.headersSent || closing.signal.aborted) return response.destroy();
      return sendError(response, 502, error instanceof Error ? error.message : String(error));
    });
  });
  const port = await listenOnLoopback(server, options.port ?? 0, 'The local edge');
  options.cloudFront.onInvalidation(apply);

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close() {
      closing.abort();
      for (const timer of timers) clearTimeout(timer);
      return closeServer(server);
    },
  };
}

function accessDenied(): CachedResponse {
  const body = Buffer.from(
    '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
  );
  return { status: 403, headers: { 'content-type': 'application/xml' }, body, storedAt: Date.now() };
}

function sendError(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Cache': 'Error from cloudfront' });
  response.end(`${message}\n`);
}

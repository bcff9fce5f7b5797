import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Invalidation } from '../cloudfront/control-plane';
import type { LocalCloudFront } from '../cloudfront/server';
import { closeServer, createLoopbackServer, listenOnLoopback, type Port } from '../loopback';
import { type Behavior, behaviorOf, viewerRequestFunction } from './behaviors';
import { createEdgeCache } from './cache';
import { obtainWith } from './obtain';
import { connectToOrigins } from './origins';
import { type ViewerFunction, type ViewerResult, viewerFunction } from './viewer-function';

export interface EdgeOptions {
  /** @default 0, a free one */
  readonly port?: Port;
  /** The distribution by whose configuration it serves, and whose invalidations count here. */
  readonly distribution: string;
  /** What the configurations and the cache policies are is looked up at each request. */
  readonly cloudFront: Pick<LocalCloudFront, 'configurations' | 'cachePolicies' | 'onInvalidation'>;
  /** Where the buckets are: an S3 endpoint, path style, such as `http://127.0.0.1:4566`. */
  readonly s3: string;
  /** The code of CloudFront Functions, by ARN. @default - none */
  readonly functions?: Readonly<Record<string, string>>;
  /** What response headers policies take away, by the id of the policy. @default - nothing */
  readonly removedHeaders?: Readonly<Record<string, readonly string[]>>;
  /** What a function at the edge makes of a request's path, behind the cache: the origin's path. @default - what it is */
  readonly rewrite?: (path: string) => string;
  /** Milliseconds from the acceptance of an invalidation to its effect. @default 0 */
  readonly appliesAfter?: number;
  /** Milliseconds before an origin that says nothing is given up. @default 30000, CloudFront's response timeout */
  readonly originTimeout?: number;
}

export interface Edge {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts a small edge: an HTTP cache that serves by a distribution's configuration, and serves what it holds until an invalidation
 * matches it.
 *
 * - A request goes to the first behavior whose pattern matches what the viewer asks for, and from there to an origin: a bucket, which
 *   is at the local S3, or another server; behind its origin path; in an origin group to the second where the first fails.
 * - The cache key is the path as the viewer requested it, byte for byte, whatever a function makes of it; and the query strings that the
 *   behavior's cache policy names, which are forwarded to servers, but never to buckets: to S3 the few that mean something request
 *   other things than objects. `/` and the default root object's own path are two entries. CachingDisabled holds nothing.
 * - 200, 403 and 404 are held, whatever Cache-Control says, until invalidated: what the invalidator misses stays visible.
 *   CloudFront would hold errors for 10 s (custom-error-pages-expiration.html); a new page whose 404 is held needs its
 *   invalidation just the same. An error that a custom error response names is held for its time, and its page in place of it, under
 *   the URL that failed: there CloudFront's own holding is what the invalidator has to know of.
 * - CloudFront Functions of the event viewer-request run for each request, before the cache; what they answer is not held.
 * - HEAD is answered from the same entry as GET; ranges and conditions are ignored; other methods are refused.
 */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { distribution, cloudFront, appliesAfter = 0, originTimeout = 30_000 } = options;
  const cache = createEdgeCache();
  const timers = new Set<NodeJS.Timeout>();
  const closing = new AbortController();
  const obtain = obtainWith(cache, connectToOrigins(options.s3, originTimeout), closing.signal);
  const compiled = new Map<string, ViewerFunction>();

  function apply({ distribution: of, tenant, paths }: Invalidation): void {
    if (of !== distribution || tenant !== undefined || closing.signal.aborted) return;
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

  /** What the function of a behavior makes of a request; without one, it goes on as it is. */
  async function runFunction(behavior: Behavior, request: IncomingMessage, path: string): Promise<ViewerResult> {
    const arn = viewerRequestFunction(behavior);
    if (arn === undefined) return { kind: 'request', path };
    const code = options.functions?.[arn];
    if (code === undefined) throw new Error('its code is not known here');
    const run = compiled.get(code) ?? viewerFunction(code);
    compiled.set(code, run);
    const { method = '', headers } = request;
    return run({ method, path, query: queryOf(request.url), headers, distribution });
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
    const configuration = cloudFront.configurations[distribution];
    const behavior = configuration && behaviorOf(configuration, path);
    if (!behavior || configuration.Enabled === false) {
      return sendError(response, 403, `There is no distribution ${distribution} that is enabled and has a behavior.`);
    }
    const result = await runFunction(behavior, request, path).catch((error: unknown) => String(error));
    if (typeof result === 'string') {
      const why = `The function ${viewerRequestFunction(behavior)} failed: ${result}.`;
      return sendError(response, 503, why, 'FunctionExecutionError');
    }
    if (result.kind === 'response') {
      response.writeHead(result.status, { ...result.headers, 'X-Cache': 'FunctionGeneratedResponse from cloudfront' });
      response.end(result.body);
      return;
    }
    const originPath = options.rewrite?.(result.path) ?? result.path;
    const served = { configuration, cachePolicies: cloudFront.cachePolicies };
    const obtained = await obtain(served, behavior, { path, query: queryOf(request.url), originPath });
    const { status, headers, body, storedAt } = obtained.response;
    response.writeHead(status, {
      ...without(options.removedHeaders?.[behavior.ResponseHeadersPolicyId ?? ''] ?? [], headers),
      'Content-Length': body.length,
      'X-Cache': obtained.held ? 'Hit from cloudfront' : 'Miss from cloudfront',
      ...(obtained.held ? { Age: Math.max(0, Math.floor((Date.now() - storedAt) / 1000)) } : {}),
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
  cloudFront.onInvalidation(apply);

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

/** @param headers names in lower case */
function without<T>(names: readonly string[], headers: Readonly<Record<string, T>>): Record<string, T> {
  const removed = new Set(names.map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !removed.has(name)));
}

/** What stands behind the first question mark, if there is one. */
function queryOf(url = ''): string | undefined {
  const at = url.indexOf('?');
  return at < 0 ? undefined : url.slice(at + 1);
}

function sendError(response: ServerResponse, status: number, message: string, kind = 'Error'): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Cache': `${kind} from cloudfront` });
  response.end(`${message}\n`);
}

import type { CustomErrorResponse } from '@aws-sdk/client-cloudfront';
import type { CachePolicies, Configuration } from '../cloudfront/configuration';
import { type Behavior, behaviorOf, targetOf } from './behaviors';
import type { CachedResponse, EdgeCache } from './cache';
import { type CacheKeyOf, cacheKeyOf } from './cache-key';
import { cacheTagsOf } from './cache-tags';
import type { AskOrigin } from './origins';

/** What the edge serves by, as it is when a request comes. */
export interface Served {
  readonly configuration: Configuration;
  readonly cachePolicies: CachePolicies;
}

/** A request of a viewer. */
export interface Request {
  /** As the viewer requested it: it decides the behavior and the cache key. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string | undefined;
  /** What a function made of the path: the origin's. */
  readonly originPath: string;
}

export interface Obtained {
  readonly response: CachedResponse;
  /** Whether the edge had it. */
  readonly held: boolean;
}

/** Answers requests out of the cache, or from the origins of a configuration, and keeps the answers. */
export type Obtain = (served: Served, behavior: Behavior, request: Request) => Promise<Obtained>;

/** Seconds for which an error is held that the configuration names without a time. */
const USUAL_ERROR_TTL = 10;

/** @param signal aborted when the edge closes */
export function obtainWith(cache: EdgeCache, askOrigin: AskOrigin, signal: AbortSignal): Obtain {
  async function obtain(served: Served, behavior: Behavior, request: Request, isErrorPage: boolean): Promise<Obtained> {
    const keyOf = cacheKeyOf(behavior, served.cachePolicies);
    const key = keyOf(request.path, request.query);
    const held = key === undefined ? undefined : cache.get(key);
    if (held) return { response: held, held: true };
    const fetch = key === undefined ? undefined : cache.beginFetch(key);
    try {
      const response = await askTarget(served.configuration, behavior, request, keyOf).catch((error: unknown) => {
        const rule = isErrorPage ? undefined : ruleFor(served.configuration, UNREACHABLE);
        if (!rule || signal.aborted) throw error;
        return unreachable(error);
      });
      const rule = isErrorPage ? undefined : ruleFor(served.configuration, response.status);
      const cacheTags = cacheTagsOf(served.configuration, response);
      const answer = rule ? await inPlaceOf(response, rule, served) : { ...response, cacheTags };
      if (rule || HELD.includes(response.status)) fetch?.store(answer);
      return { response: answer, held: false };
    } finally {
      fetch?.end();
    }
  }

  /** The first origin of the target or, where it fails as the group says, the second. */
  async function askTarget(
    configuration: Configuration,
    behavior: Behavior,
    { originPath, query }: Request,
    keyOf: CacheKeyOf,
  ): Promise<CachedResponse> {
    const { origins, failsOver } = targetOf(configuration, behavior);
    const [first, second] = origins;
    if (!first) throw new Error(`The distribution has no origin ${behavior.TargetOriginId}.`);
    const root = configuration.DefaultRootObject?.replace(/^\//, '') ?? '';
    const path = originPath === '/' ? `/${root}` : originPath;
    // What is in the cache key is forwarded, and what an origin request policy adds; whatever it says, here it adds all.
    const [, inKey] = (keyOf('', query) ?? '').split('?');
    const forwarded = { path, query: behavior.OriginRequestPolicyId ? query : inKey };
    if (!second) return askOrigin(first, forwarded, signal);
    const response = await askOrigin(first, forwarded, signal).catch(() => undefined);
    if (response && !failsOver.includes(response.status)) return response;
    return askOrigin(second, forwarded, signal);
  }

  /** The error page, or the error itself, held for the time of its rule under the URL that failed. */
  async function inPlaceOf(failed: CachedResponse, rule: CustomErrorResponse, served: Served): Promise<CachedResponse> {
    const expiresAt = Date.now() + 1_000 * (rule.ErrorCachingMinTTL ?? USUAL_ERROR_TTL);
    const { ResponsePagePath: path, ResponseCode } = rule;
    const behavior = path ? behaviorOf(served.configuration, path) : undefined;
    if (!path || !behavior) return { ...failed, expiresAt };
    const asked = { path, query: undefined, originPath: path };
    const page = await obtain(served, behavior, asked, true).catch(() => undefined);
    // Without its page, an error is what the origin said.
    if (page?.response.status !== 200) return { ...failed, expiresAt };
    const status = Number(ResponseCode) || failed.status;
    return { ...page.response, status, storedAt: Date.now(), expiresAt };
  }

  return (served, behavior, request) => obtain(served, behavior, request, false);
}

/** What is held until an invalidation matches it. */
const HELD: readonly number[] = [200, 403, 404];

/** What CloudFront says for an origin that it cannot reach. */
const UNREACHABLE = 502;

function unreachable(error: unknown): CachedResponse {
  const body = Buffer.from(`${error instanceof Error ? error.message : error}\n`);
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { status: UNREACHABLE, headers, body, storedAt: Date.now() };
}

function ruleFor({ CustomErrorResponses }: Configuration, status: number): CustomErrorResponse | undefined {
  return CustomErrorResponses?.Items?.find(({ ErrorCode }) => ErrorCode === status);
}

import { invalidates } from '../cloudfront/path-rules';

/** A response of the origin, as the edge keeps it. */
export interface CachedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
  /** Milliseconds. */
  readonly storedAt: number;
  /** Milliseconds: from then on it is held no more. @default - until it is invalidated */
  readonly expiresAt?: number;
}

/** A request to the origin that is under way. */
export interface Fetch {
  /** Keeps the response, unless an invalidation has come for its path since the fetch began. */
  store(response: CachedResponse): void;
  /** Ends the fetch; without a `store` before, nothing is kept. */
  end(): void;
}

/** What the edge holds, by the request path exactly as requested, with the query string where that is in the cache key. */
export interface EdgeCache {
  get(path: string): CachedResponse | undefined;
  beginFetch(path: string): Fetch;
  /** Drops whatever one of the invalidation paths matches, held or on its way. */
  invalidate(paths: readonly string[]): void;
}

/** An empty cache. */
export function createEdgeCache(): EdgeCache {
  const held = new Map<string, CachedResponse>();
  const fetches = new Set<{ readonly path: string }>();
  return {
    get(path) {
      const response = held.get(path);
      return response?.expiresAt !== undefined && response.expiresAt <= Date.now() ? undefined : response;
    },

    beginFetch(path) {
      const fetch = { path };
      fetches.add(fetch);
      return {
        // The origin may have answered before the change that the invalidation is for: what a fetch brings home is
        // as old as its beginning.
        store: (response) => void (fetches.has(fetch) && held.set(path, response)),
        end: () => void fetches.delete(fetch),
      };
    },

    invalidate(paths) {
      const dropped = (candidate: string) => paths.some((path) => invalidates(path, candidate));
      for (const path of held.keys()) if (dropped(path)) held.delete(path);
      for (const fetch of fetches) if (dropped(fetch.path)) fetches.delete(fetch);
    },
  };
}

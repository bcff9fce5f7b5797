import { invalidates } from '../cloudfront/path-rules';

/** A response of the origin, as the edge keeps it. */
export interface CachedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
  /** In small letters. @default - none */
  readonly cacheTags?: readonly string[];
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
  /** Drops whatever one of the invalidation paths, or tags, matches, held or on its way. */
  invalidate(paths: readonly string[]): void;
}

/** An empty cache. */
export function createEdgeCache(): EdgeCache {
  const held = new Map<string, CachedResponse>();
  /** Under way, and what tags were invalidated meanwhile. */
  const fetches = new Set<{ readonly path: string; readonly tags: Set<string> }>();
  return {
    get(path) {
      const response = held.get(path);
      return response?.expiresAt !== undefined && response.expiresAt <= Date.now() ? undefined : response;
    },

    beginFetch(path) {
      const fetch = { path, tags: new Set<string>() };
      fetches.add(fetch);
      return {
        // The origin may have answered before the change that the invalidation is for: what a fetch brings home is
        // as old as its beginning.
        store(response) {
          if (fetches.has(fetch) && !response.cacheTags?.some((tag) => fetch.tags.has(tag))) held.set(path, response);
        },
        end: () => void fetches.delete(fetch),
      };
    },

    invalidate(items) {
      const paths = items.filter((item) => !item.startsWith('#'));
      const tags = new Set(items.filter((item) => item.startsWith('#')).map((item) => item.slice(1).toLowerCase()));
      const dropped = (candidate: string) => paths.some((path) => invalidates(path, candidate));
      const isTagged = ({ cacheTags = [] }: CachedResponse) => cacheTags.some((tag) => tags.has(tag));
      for (const [path, response] of held) if (dropped(path) || isTagged(response)) held.delete(path);
      for (const fetch of fetches) {
        if (dropped(fetch.path)) fetches.delete(fetch);
        for (const tag of tags) fetch.tags.add(tag);
      }
    },
  };
}

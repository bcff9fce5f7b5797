import type { Holder } from './control-plane';

/** The operations that say how a distribution is configured. */
export type ReadOperation = 'GetDistribution' | 'GetDistributionConfig' | 'GetCachePolicy' | 'GetCachePolicyConfig';

/** What one of them asks for. */
export interface ReadRoute {
  /** Any: `2017-03-25`, `2020-05-31`. */
  readonly version: string;
  readonly operation: ReadOperation;
  /** Of the distribution, or of the cache policy. */
  readonly id: string;
}

/** Where the invalidations of a distribution or of a tenant are, or one of them. */
export interface InvalidationRoute {
  readonly version: string;
  readonly holder: Holder;
  readonly invalidation: string | undefined;
  readonly query: URLSearchParams;
}

/** Which of the reading operations a GET of a URL is. */
export function readRouteOf(url: string): ReadRoute | undefined {
  const [pathname = ''] = url.split('?', 1);
  const match = /^\/(\d{4}-\d{2}-\d{2})\/(distribution|cache-policy)\/([^/]+)(\/config)?\/?$/.exec(pathname);
  const [, version, kind, id, config] = match ?? [];
  if (!version || !id) return undefined;
  const operation = `Get${kind === 'distribution' ? 'Distribution' : 'CachePolicy'}${config ? 'Config' : ''}` as const;
  return { version, operation, id };
}

/** Which invalidations a URL is about. */
export function invalidationRouteOf(url: string): InvalidationRoute | undefined {
  const [pathname = '', search = ''] = url.split('?', 2);
  const match =
    /^\/(\d{4}-\d{2}-\d{2})\/(distribution|distribution-tenant)\/([^/]+)\/invalidation(?:\/([^/]+))?\/?$/.exec(
      pathname,
    );
  const [, version, kind, id, invalidation] = match ?? [];
  if (!version || !id) return undefined;
  const holder = kind === 'distribution' ? id : { tenant: id };
  return { version, holder, invalidation, query: new URLSearchParams(search) };
}

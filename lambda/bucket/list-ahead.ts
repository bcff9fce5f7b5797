import type { ListObjects, ListRequest, ObjectPage } from './list-objects';

/** Lists, and answers each request that was made ahead by the page that is on its way since. */
export interface ListAhead {
  readonly list: ListObjects;
  /** Makes a request that is likely to come. */
  ahead(request: ListRequest, signal: AbortSignal): void;
}

export function listAhead(listObjects: ListObjects): ListAhead {
  const pages = new Map<string, Promise<ObjectPage>>();
  const keyOf = ({ bucket, prefix, startAfter, maxKeys }: ListRequest) =>
    JSON.stringify([bucket, prefix, startAfter, maxKeys]);
  return {
    list(request, signal) {
      const page = pages.get(keyOf(request));
      pages.delete(keyOf(request));
      return page ?? listObjects(request, signal);
    },
    ahead(request, signal) {
      const page = listObjects(request, signal);
      // Whoever waits for it hears of a failure.
      page.catch(() => {});
      pages.set(keyOf(request), page);
    },
  };
}

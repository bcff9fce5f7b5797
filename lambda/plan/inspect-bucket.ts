import { type Inventory, LISTED_TO_END, type ListedOrigin, NOT_STARTED, originInventory } from '../bucket/inventory';
import type { ListObjects, ListRequest, ObjectPage } from '../bucket/list-objects';
import { USUAL_REFETCHES_PER_PATH } from '../contract/pricing';
import type { ChangedObject } from '../paths/changed-object';
import type { PlanLimits } from './cheapest-plan';
import { type PlanContext, pendingSince } from './deploy';
import { type NextListing, nextListings, PAGE, unprovenWildcards } from './next-listings';
import { coverOf, lookAt } from './plan';

/** What a bucket is inspected with. */
export interface Inspection {
  /** Everything that the distribution serves. */
  readonly origins: readonly ListedOrigin[];
  readonly list: ListObjects;
  readonly limits: PlanLimits;
  readonly context: PlanContext;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Most requests of ListObjectsV2 for a batch. */
const MAX_PAGES = 30;

/** Of these, most to see what else the deploy has changed. */
const MAX_PAGES_FOR_DEPLOY = 10;

/** What is listed first, if anything of the deploy may be pending. */
export const EVERYTHING: NextListing = { prefix: '', maxKeys: PAGE };

/** Listings at the same time. S3 takes thousands of requests a second, but each answer changes what is worth listing. */
const CONCURRENCY = 5;

/** How long listing may take, in ms. */
export const MAX_LISTING_MS = 3000;

/**
 * Lists what may change the plan for some changes: first what else the deploy changed, then what the wildcards would evict that a
 * plan may take. It never fails, and ends in time: without an answer the plan is made without.
 */
export async function inspectBucket(changes: readonly ChangedObject[], inspection: Inspection): Promise<Inventory> {
  const { list, limits, context, signal } = inspection;
  const origins = distinct(inspection.origins).map(originInventory);
  const { refetchesPerPath = USUAL_REFETCHES_PER_PATH } = limits;
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  aborted.catch(() => {});
  /** By what was asked for: what viewers request in two ways is listed once. */
  const pages = new Map<string, Promise<ObjectPage>>();
  let failure: unknown;

  /** What is worth listing next; nothing: the plan would be the same. */
  function worthListing(): readonly NextListing[] {
    const outlook = lookAt(changes, { origins, listedPages: pages.size }, context);
    const { tree, neighbors, progress } = outlook;
    if (!progress) return [];
    const cover = coverOf(outlook, limits);
    const promising = nextListings(tree, progress, neighbors, cover, refetchesPerPath, MAX_PAGES - pages.size);
    return promising.length > 0 ? promising : unprovenWildcards(progress, neighbors, cover.wildcards);
  }

  /** The requests that list on by a page: one to each origin that is not listed to the end. */
  function requestsFor({ prefix }: NextListing) {
    return origins.flatMap((origin) => {
      const after = origin.listedUpTo(prefix);
      return after === LISTED_TO_END ? [] : [{ origin, after }];
    });
  }

  function pageOf(request: ListRequest): Promise<ObjectPage> {
    const id = JSON.stringify(request);
    const page = pages.get(id) ?? list(request, signal);
    pages.set(id, page);
    return page;
  }

  /** Lists the next page, unless there is none, or it would be one too many. */
  async function listOn(listing: NextListing): Promise<void> {
    const { prefix, maxKeys } = listing;
    const requests = requestsFor(listing);
    if (pages.size + requests.length > MAX_PAGES) return;
    const listed = requests.map(async ({ origin, after }) => {
      const { bucket, keyOf } = origin;
      const startAfter = after === NOT_STARTED ? '' : keyOf(after);
      const page = await pageOf({ bucket, prefix: keyOf(origin.inRoom(prefix)), startAfter, maxKeys });
      return () => origin.add(prefix, after, page);
    });
    for (const remember of await Promise.race([aborted, Promise.all(listed)])) remember();
  }

  try {
    signal.throwIfAborted();
    const mayBePending = Number.isFinite(pendingSince(changes, context));
    const forDeploy = mayBePending ? MAX_PAGES_FOR_DEPLOY - origins.length : -1;
    for (let before = -1; before < pages.size && pages.size <= forDeploy; ) {
      before = pages.size;
      await listOn(EVERYTHING);
    }
    for (let before = -1; before < pages.size && failure === undefined; ) {
      before = pages.size;
      const results = await Promise.allSettled(worthListing().slice(0, CONCURRENCY).map(listOn));
      failure = results.find((result) => result.status === 'rejected')?.reason;
    }
  } catch (error) {
    failure = error;
  }
  return { origins, listedPages: pages.size, ...(failure !== undefined && { failure: String(failure) }) };
}

/** Origins with a prefix each may serve the same objects. */
function distinct(origins: readonly ListedOrigin[]): ListedOrigin[] {
  const idOf = ({ bucket, path, viewerFolder = '' }: ListedOrigin) => JSON.stringify([bucket, path, viewerFolder]);
  return [...new Map(origins.map((origin) => [idOf(origin), origin])).values()];
}

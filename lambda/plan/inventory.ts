import { compareKeys } from '../bucket/key-order';
import { LISTED_TO_END, type ListingProgress, NOT_STARTED, trackProgress } from '../bucket/listing-progress';
import { folderOf } from '../contract/environment';
import type { ChangedObject } from '../paths/changed-object';
import { viewerPaths } from '../paths/viewer-path';
import type { RadixTree } from '../tree/path-tree';
import { type Listing, nextListings, unprovenWildcards } from './next-listings';
import { estimate } from './wildcard-prices';

/** Lists the keys of a bucket in S3's order, as one request of ListObjectsV2 does. */
export type ListObjects = (request: ListRequest, signal: AbortSignal) => Promise<ObjectPage>;

export interface ListRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** Only keys after this one; empty: from the first on. */
  readonly startAfter: string;
  /** From 1 to 1,000. */
  readonly maxKeys: number;
}

export interface ObjectPage {
  readonly objects: readonly ListedObject[];
  /** Whether more keys follow. */
  readonly truncated: boolean;
}

export interface ListedObject {
  readonly key: string;
  /** In ms since the epoch. */
  readonly lastModified?: number | undefined;
}

export interface InventoryOptions {
  /** Everything that the distribution serves. `path` is the origin path, which begins with a slash, or empty. */
  readonly origins: readonly { readonly bucket: string; readonly path: string }[];
  readonly list: ListObjects;
  /** Unchanged objects that may be evicted to save one path. */
  readonly refetchesPerPath: number;
  /**
   * The nodes whose wildcards the plan would take by what is known so far: these are listed to their end, if that can be done.
   *
   * @default - none
   */
  readonly wildcards?: (knowledge: ListingProgress) => readonly number[];
  /**
   * The most list requests.
   *
   * @default 30
   */
  readonly maxPages?: number;
  /**
   * In ms; 0: the bucket is not asked.
   *
   * @default 3000
   */
  readonly maxDuration?: number;
}

/** What was found out about the bucket, and what that took. */
export interface Inventory extends ListingProgress {
  /** List requests made. */
  readonly pages: number;
  /** Why it ended before its time. What was found until then still counts. */
  readonly failure?: string;
}

/** In ms. */
export const MAX_LISTING_MS = 3000;

/** Nodes listed at the same time. S3 takes thousands of requests a second, but each answer changes what is worth asking. */
const CONCURRENCY = 5;

/**
 * Counts the unchanged objects under the wildcards that a plan may take, as far as that can change the plan. It never
 * fails, and ends in time: without an answer the plan is made without.
 */
export async function takeInventory(
  tree: RadixTree,
  changed: readonly ChangedObject[],
  options: InventoryOptions,
): Promise<Inventory> {
  const { list, refetchesPerPath, wildcards = () => [], maxPages = 30, maxDuration = MAX_LISTING_MS } = options;
  const origins = options.origins.map(({ bucket, path }) => ({ bucket, path, folder: folderOf(path) }));
  const changedKeys = Map.groupBy(changed, ({ bucket }) => bucket);
  const isChanged = new Map(Array.from(changedKeys, ([bucket, all]) => [bucket, new Set(all.map(({ key }) => key))]));
  const knowledge = trackProgress(tree, keysOf(changed, origins), origins.length);
  const sameDeploy = atTheTimeOf(changed);
  /** Spellings can make two nodes of the same keys, one under another. */
  const counted = new Set<string>();
  const signal = AbortSignal.timeout(maxDuration);
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  tooLate.catch(() => {});
  let pages = 0;
  let failure: unknown;

  /** One more page of a node from each origin that is not listed to its end. */
  function listOn({ node, maxKeys }: Listing): Promise<(ObjectPage | undefined)[]> {
    const prefix = knowledge.keyPrefix(node);
    return Promise.all(
      knowledge.frontier(node).map(async (last, at) => {
        if (last === LISTED_TO_END) return undefined;
        const { bucket, folder } = origins[at] as (typeof origins)[number];
        const startAfter = last === NOT_STARTED ? '' : folder + last;
        return list({ bucket, prefix: folder + prefix, startAfter, maxKeys }, signal);
      }),
    );
  }

  function takeIn({ node }: Listing, answer: readonly (ObjectPage | undefined)[]): void {
    const frontier = answer.map((page, at) => {
      const { bucket, path, folder } = origins[at] as (typeof origins)[number];
      if (page === undefined) return LISTED_TO_END;
      for (const { key, lastModified = 0 } of page.objects) {
        const isUnchanged = !sameDeploy(lastModified) && !isChanged.get(bucket)?.has(key);
        if (isUnchanged && !counted.has(`${at} ${key}`)) {
          counted.add(`${at} ${key}`);
          knowledge.count(viewerPaths(key, path, ''));
        }
      }
      if (!page.truncated) return LISTED_TO_END;
      const last = page.objects.at(-1);
      if (!last) throw new Error('S3 answered with an empty page, though more keys follow');
      return last.key.slice(folder.length);
    });
    knowledge.advance(node, frontier);
  }

  try {
    while (failure === undefined && origins.length > 0) {
      const estimated = estimate(tree, () => refetchesPerPath, knowledge);
      const promising = nextListings(tree, knowledge, estimated, refetchesPerPath, maxPages - pages);
      const looks = promising.length > 0 ? promising : unprovenWildcards(tree, knowledge, wildcards(knowledge));
      const affordable = looks.slice(0, CONCURRENCY).filter((look) => {
        const requests = knowledge.frontier(look.node).filter((last) => last !== LISTED_TO_END).length;
        const isAffordable = pages + requests <= maxPages;
        if (isAffordable) pages += requests;
        return isAffordable;
      });
      if (affordable.length === 0) break;
      const answers = await Promise.allSettled(affordable.map((look) => Promise.race([listOn(look), tooLate])));
      for (const [at, answer] of answers.entries()) {
        if (answer.status === 'fulfilled') takeIn(affordable[at] as Listing, answer.value);
        else failure ??= answer.reason;
      }
      knowledge.conclude();
    }
  } catch (error) {
    failure = error;
  }
  const { coverage, unchangedFound, unchangedOutsideChildren, changedListed, branchesListed } = knowledge;
  return {
    coverage,
    unchangedFound,
    unchangedOutsideChildren,
    changedListed,
    branchesListed,
    pages,
    ...(failure !== undefined && { failure: String(failure) }),
  };
}

/** In ms, around the median of the changes: S3 rarely needs a minute to tell, and a window gathers for five at most. */
const BEFORE = 60_000;
const AFTER = 210_000;

/**
 * What changed at about the same time belongs to the same deploy: its messages are in another batch, and its copies will be
 * thrown out of the cache anyway. Counted from the median, so that one message from long ago does not matter; and not much
 * beyond, so that to messages from long ago what changed since is no part of their deploy.
 */
function atTheTimeOf(changed: readonly ChangedObject[]): (lastModified: number) => boolean {
  const times = changed.flatMap(({ time }) => time ?? []).sort((a, b) => a - b);
  const median = times[times.length >>> 1];
  if (median === undefined) return () => false;
  return (lastModified) => lastModified >= median - BEFORE && lastModified <= median + AFTER;
}

/** The key, without the origin path, that a changed path stands for; of an alias, the key that would be served there. */
function keysOf(
  changed: readonly ChangedObject[],
  origins: readonly { readonly bucket: string; readonly folder: string }[],
): (path: string) => string {
  const keys = new Map<string, string>();
  const decoded = (path: string) => decodeURIComponent(path.slice(1));
  for (const { bucket, key, paths, aliases } of changed) {
    const origin = origins.find((each) => each.bucket === bucket && key.startsWith(each.folder));
    const ownName = key.slice(origin?.folder.length ?? 0);
    for (const path of paths) {
      const name = aliases?.includes(path) ? decoded(path) : ownName;
      const known = keys.get(path);
      // Two keys may share a path, as `a b` and `a+b` do; which of them comes first must not matter.
      if (known === undefined || compareKeys(name, known) < 0) keys.set(path, name);
    }
  }
  return (path) => keys.get(path) ?? decoded(path);
}

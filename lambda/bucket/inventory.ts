import { folderOf } from '../contract/environment';
import type { ServedOrigin } from '../paths/served-origin';
import { firstIndex } from '../tree/first-index';
import { compareKeys } from './key-order';
import type { ListedObject, ObjectPage } from './list-objects';

/** Where objects are that a distribution serves. `path` is the origin path, which begins with a slash, or empty. */
export type ListedOrigin = Pick<ServedOrigin, 'bucket' | 'path'> &
  Partial<Pick<ServedOrigin, 'viewerFolder' | 'room' | 'reaches' | 'mayReach'>>;

/** What was listed of one origin. Names are as viewers request them: keys without the origin path, behind the viewer's folder. */
export interface OriginInventory {
  readonly bucket: string;
  /** What its keys begin with, and its names do not. */
  readonly folder: string;
  /** What its names begin with, and its keys do not. */
  readonly viewerFolder: string;
  /** The key of a name, or what keys begin with whose names begin with a prefix in the origin's room. */
  keyOf(name: string): string;
  /** Whether anything was listed, be it that there is nothing. */
  readonly isListed: boolean;
  /** In S3's order, by name. */
  readonly objects: readonly ListedObject[];
  /**
   * How far the names that begin with a prefix were listed from the first one on: the last name up to which all are known;
   * `LISTED_TO_END`, as where no behavior of the distribution leads to any of them; or `NOT_STARTED`.
   */
  listedUpTo(prefix: string): string | typeof LISTED_TO_END;
  /** What of the names that begin with a prefix there is to list: a longer prefix, where no behavior leads to the others. */
  inRoom(prefix: string): string;
  /** Remembers a page of the names that begin with a prefix and come after another; empty: from the first one on. */
  add(prefix: string, after: string, page: ObjectPage): void;
}

/** What was listed of all origins of a distribution. */
export interface Inventory {
  readonly origins: readonly OriginInventory[];
  /** Requests of ListObjectsV2. */
  readonly listedPages: number;
  /** Why listing ended early. What was listed until then still counts. */
  readonly failure?: string;
}

/** Nothing was listed. */
export const NO_INVENTORY: Inventory = { origins: [], listedPages: 0 };

export const NOT_STARTED = '';
export const LISTED_TO_END = null;

/** Behind every name that begins with the same prefix. */
const LAST = '\u{10FFFF}'.repeat(2);

/**
 * @throws Error from `add` when S3 answers with an empty page, though more keys follow
 */
export function originInventory({
  bucket,
  path,
  viewerFolder = '',
  room = viewerFolder,
  reaches = () => true,
  mayReach = () => true,
}: ListedOrigin): OriginInventory {
  const folder = folderOf(path);
  const inRoom = (prefix: string) => (room.startsWith(prefix) ? room : prefix);
  let objects: ListedObject[] = [];
  /** Of names, all of which are known; sorted, and none touches another. */
  let ranges: { readonly from: string; readonly to: string }[] = [];
  return {
    bucket,
    folder,
    viewerFolder,
    keyOf: (name) => folder + name.slice(viewerFolder.length),

    get isListed() {
      return ranges.length > 0;
    },

    get objects() {
      return objects;
    },

    inRoom,

    listedUpTo(within) {
      const prefix = inRoom(within);
      const range = ranges.find(({ from, to }) => compareKeys(from, prefix) <= 0 && compareKeys(prefix, to) <= 0);
      if (!range) return mayReach(prefix) ? NOT_STARTED : LISTED_TO_END;
      return compareKeys(prefix + LAST, range.to) <= 0 ? LISTED_TO_END : range.to;
    },

    add(within, after, { objects: page, truncated }) {
      const prefix = inRoom(within);
      const named = page.map(({ key, lastModified }) => ({
        key: viewerFolder + key.slice(folder.length),
        lastModified,
      }));
      const last = named.at(-1)?.key;
      if (truncated && last === undefined) throw new Error('S3 answered with an empty page, though more keys follow');
      // What no viewer can reach, no wildcard evicts.
      const reached = named.filter(({ key }) => reaches(key));
      objects = merged(objects, reached);
      const to = truncated && last !== undefined ? last : prefix + LAST;
      ranges = joined([...ranges, { from: after === NOT_STARTED ? prefix : after, to }]);
    },
  };
}

/** Two lists in S3's order as one; what is in both is in it once. */
function merged(some: readonly ListedObject[], others: readonly ListedObject[]): ListedObject[] {
  const [first, last] = [others[0], others.at(-1)];
  if (!first || !last) return [...some];
  const from = firstIndex(some, (each) => compareKeys(each.key, first.key) >= 0);
  const to = firstIndex(some, (each) => compareKeys(each.key, last.key) > 0);
  if (from === some.length) return some.concat(others);
  const between = [...new Map([...some.slice(from, to), ...others].map((each) => [each.key, each])).values()];
  if (to > from) between.sort((a, b) => compareKeys(a.key, b.key));
  return some.slice(0, from).concat(between, some.slice(to));
}

function joined<T extends { readonly from: string; readonly to: string }>(ranges: readonly T[]): T[] {
  const all: T[] = [];
  for (const range of ranges.toSorted((a, b) => compareKeys(a.from, b.from))) {
    const before = all.at(-1);
    if (!before || compareKeys(range.from, before.to) > 0) all.push(range);
    else if (compareKeys(range.to, before.to) > 0) all[all.length - 1] = { ...before, to: range.to };
  }
  return all;
}

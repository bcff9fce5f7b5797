import { commonLength, PERCENT, wholeCharacters } from './character-boundary';
import { radixSorter } from './radix-sort';

/** Paths sorted by code unit, as the default sort does it. */
export interface SortedPaths {
  readonly paths: string[];
  /** Per path, where it was among the unsorted. */
  readonly order: Int32Array;
  /** Per path, how many whole characters it shares with the one before; REPEATED when it is the same. */
  readonly common: Int32Array;
  /** Whether any of them ends in `*`. */
  readonly hasStars: boolean;
}

export const REPEATED = -1;

/** Characters in a word, and words that are kept of each path at a time. */
const WORD = 4;
const WORDS = 5;

/** Paths that are fetched from memory at a time, before they are packed. */
const AHEAD = 64;

const STAR = 0x2a;

/**
 * Sorts paths, and finds what neighbours share, in time linear in their number.
 *
 * A million paths lie scattered in memory, and a look at one costs as much as a hundred steps. So each is looked at once, to pack
 * what tells it apart into words, four characters in each. The words are sorted, then the next words where those are equal;
 * when they run out, the next ones of those few paths are packed.
 */
export function sortPaths(unsorted: readonly string[]): SortedPaths {
  return sortPacked(unsorted) ?? sortAnything(unsorted);
}

/** Undefined where a character does not fit into a byte, or looks like the end. */
function sortPacked(unsorted: readonly string[]): SortedPaths | undefined {
  const { length } = unsorted;
  /** The words of a path lie side by side, so that fetching one from memory fetches the others. */
  const words = new Uint32Array(WORDS * length);
  /** Whether the packed characters of a path may be parts of longer ones. */
  const isEncoded = new Uint8Array(length);
  const keys = new Uint32Array(length);
  const order = new Int32Array(length);
  const sortKeys = radixSorter(keys, order);
  const common = new Int32Array(length);
  for (let at = 0; at < length; at++) order[at] = at;
  let hasStars = false;
  const pathAt = (at: number) => unsorted[order[at] as number] as string;

  /** Sorts paths that have at least `shared` characters in common. False: they cannot be packed. */
  function sortFrom(from: number, to: number, shared: number): boolean {
    // It would take a look at each to know how much all share; two of them tell nearly as well.
    let begin = sharedBy(pathAt(from), pathAt(to - 1), shared);
    for (let at = from; at < to; at++) {
      if ((at - from) % AHEAD === 0) fetch(at, Math.min(at + AHEAD, to));
      const same = sharedBy(pathAt(from), pathAt(at), shared, begin);
      if (same < begin) {
        begin = same;
        at = from;
      }
      if (!pack(order[at] as number, begin)) return false;
    }
    return sortByWord(from, to, 0, begin);
  }

  /** So short a loop that the processor waits for many paths at a time. */
  function fetch(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const path = pathAt(at);
      if (path.charCodeAt(path.length - 1) === STAR) hasStars = true;
    }
  }

  function pack(index: number, begin: number): boolean {
    const path = unsorted[index] as string;
    const end = path.length;
    const encodedBefore = path.charCodeAt(begin - 1) === PERCENT || path.charCodeAt(begin - 2) === PERCENT;
    let encoded = encodedBefore ? 1 : 0;
    let place = begin;
    for (let word = 0; word < WORDS; word++) {
      let packed = 0;
      for (const stop = place + WORD; place < stop; place++) {
        const code = place < end ? path.charCodeAt(place) : 0;
        if (code === PERCENT || code >= 0x80) encoded = 1;
        if (code > 0xff || (code === 0 && place < end)) return false;
        packed = (packed << 8) | code;
      }
      words[WORDS * index + word] = packed;
    }
    isEncoded[index] = encoded;
    return true;
  }

  /** Sorts paths that are the same up to the word, which begins at `begin`. */
  function sortByWord(from: number, to: number, word: number, begin: number): boolean {
    for (let at = from; at < to; at++) keys[at] = words[WORDS * (order[at] as number) + word] as number;
    sortKeys(from, to);
    let first = from;
    for (let at = from + 1; at <= to; at++) {
      const key = keys[first] as number;
      if (at < to && keys[at] === key) continue;
      if (at < to) common[at] = commonAt(at, begin + (Math.clz32(key ^ (keys[at] as number)) >>> 3));
      if (at - first > 1 && !sortEqual(first, at, word, begin + WORD, (key & 0xff) === 0)) return false;
      first = at;
    }
    return true;
  }

  function sortEqual(from: number, to: number, word: number, next: number, isEnd: boolean): boolean {
    if (!isEnd) return word + 1 < WORDS ? sortByWord(from, to, word + 1, next) : sortFrom(from, to, next);
    common.fill(REPEATED, from + 1, to);
    return true;
  }

  function commonAt(at: number, shared: number): number {
    if (!isEncoded[order[at - 1] as number] && !isEncoded[order[at] as number]) return shared;
    return Math.min(wholeCharacters(pathAt(at - 1), shared), wholeCharacters(pathAt(at), shared));
  }

  if (length > 0 && !sortFrom(0, length, 0)) return undefined;
  const paths = new Array<string>(length);
  for (let at = 0; at < length; at++) paths[at] = pathAt(at);
  return { paths, order, common, hasStars };
}

/** How many characters two paths have in common, if they have so many at least, and at most. */
function sharedBy(a: string, b: string, least: number, most = Math.min(a.length, b.length)): number {
  const limit = Math.min(most, b.length);
  let same = least;
  while (same < limit && a.charCodeAt(same) === b.charCodeAt(same)) same++;
  return same;
}

function sortAnything(unsorted: readonly string[]): SortedPaths {
  const order = Int32Array.from(unsorted.keys()).sort((a, b) => compare(unsorted[a] as string, unsorted[b] as string));
  const paths = Array.from(order, (at) => unsorted[at] as string);
  const common = new Int32Array(paths.length);
  for (let at = 1; at < paths.length; at++) {
    const [before, path] = [paths[at - 1] as string, paths[at] as string];
    common[at] = before === path ? REPEATED : commonLength(before, path);
  }
  return { paths, order, common, hasStars: paths.some((path) => path.endsWith('*')) };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

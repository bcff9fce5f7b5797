import { FULLY_LISTED, type GrowingProgress, UNLISTED } from '../bucket/listing-progress';
import { neighborsBeside } from '../tree/alias-neighbors';
import type { RadixTree } from '../tree/path-tree';
import type { Estimate } from './wildcard-prices';

/** The most keys that one page of a listing holds. */
const PAGE = 1000;

/** Paths that knowing more of a node must be able to save: a page costs a thousandth of one, and some 50 ms. */
const WORTH_LOOKING = 1;

/** A node that is listed next, and by how many keys. */
export interface Listing {
  readonly node: number;
  readonly maxKeys: number;
}

/** A node that should be listed next: when `maxKeys` are found, its wildcard cannot pay any more. */
export interface NextListing extends Listing {
  /** Paths that its wildcard would save if nothing more were found under it. */
  readonly gain: number;
}

/**
 * What to list next, the most promising first: from the root down, the first nodes on each branch that have never been
 * looked at, or whose wildcard is expected to pay and can be listed to the end with the pages that are left. None of them is
 * under another, so they can be listed at the same time. A node is not listed on once something under it was, so nothing is
 * listed twice.
 */
export function nextListings(
  tree: RadixTree,
  knowledge: GrowingProgress,
  { price, unchanged }: Estimate,
  refetchesPerPath: number,
  pagesLeft: number,
): NextListing[] {
  const { nodes, first, end, eldest, forced } = tree;
  const { coverage, unchangedFound, changedListed } = knowledge;
  const { apart, isAbandoned } = alternatives(tree, knowledge, price);
  const looks = new Map<string, NextListing>();
  const open = [nodes - 1];
  for (let node = open.pop(); node !== undefined && node >= 0; node = open.pop()) {
    if (coverage[node] === FULLY_LISTED || forced[node]) continue;
    const gain = (apart[node] as number) - 1 - (unchangedFound[node] as number) / refetchesPerPath;
    const changed = (end[node] as number) - (first[node] as number) - (changedListed[node] as number);
    const left = (unchanged[node] as number) - (unchangedFound[node] as number) + changed;
    const promising = (price[node] as number) < (apart[node] as number) && left <= pagesLeft * PAGE;
    if (
      neighborsBeside(tree, node) < 0 &&
      gain >= WORTH_LOOKING &&
      !isAbandoned[node] &&
      (coverage[node] === UNLISTED || promising)
    ) {
      const maxKeys = Math.min(PAGE, Math.ceil(gain * refetchesPerPath) + changed + 1);
      looks.set(knowledge.keyPrefix(node), { node, gain, maxKeys });
      continue;
    }
    for (let child = node - 1; child >= (eldest[node] as number); child = (eldest[child] as number) - 1)
      open.push(child);
  }
  return [...looks.values()].sort((a, b) => b.gain - a.gain || a.node - b.node);
}

/** Wildcards that a plan would take, though what lives under them is not listed to its end: the rest of it may be the whole site. */
export function unprovenWildcards(
  tree: RadixTree,
  { coverage, keyPrefix }: GrowingProgress,
  wildcards: readonly number[],
): readonly Listing[] {
  const nodes = wildcards.filter(
    (node) => coverage[node] !== FULLY_LISTED && !tree.forced[node] && neighborsBeside(tree, node) < 0,
  );
  // Spellings can make two nodes of the same keys.
  return [...new Map(nodes.map((node) => [keyPrefix(node), { node, maxKeys: PAGE }])).values()];
}

/** Per node, what covering its paths costs without its own wildcard, and whether something under it has been listed. */
function alternatives(
  { nodes, first, end, parent, forced }: RadixTree,
  { isListed }: GrowingProgress,
  price: Float64Array,
): { apart: Float64Array; isAbandoned: Uint8Array } {
  const apart = new Float64Array(nodes);
  const isAbandoned = new Uint8Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const paths = (end[node] as number) - (first[node] as number);
    (apart[node] as number) += paths;
    const above = parent[node] as number;
    if (above < 0) continue;
    const cheapest = forced[node] ? (price[node] as number) : Math.min(apart[node] as number, price[node] as number);
    (apart[above] as number) += cheapest - paths;
    if (isListed(node) || isAbandoned[node]) isAbandoned[above] = 1;
  }
  return { apart, isAbandoned };
}

import type { ListingProgress } from '../bucket/listing-progress';
import type { AliasNeighbors } from '../tree/alias-neighbors';
import { type PathNode, type PathTree, pathCount } from '../tree/path-tree';
import type { WildcardPrices } from './wildcard-prices';

/** The most keys that one page of a listing holds. */
export const PAGE = 1000;

/** Paths that listing a node must be able to save: a page costs a thousandth of one, and some 50 ms. */
const WORTH_LISTING = 1;

/** Names that are listed next: those that begin with a prefix, and how many of them. */
export interface NextListing {
  readonly prefix: string;
  readonly maxKeys: number;
}

/**
 * What to list next, the most promising first: from the root down, the first nodes on each branch that were never listed, or
 * whose wildcard is expected to pay and can be listed to the end with the pages that are left. None of them is under another, so
 * they can be listed at the same time.
 */
export function nextListings(
  { nodes }: PathTree,
  progress: ListingProgress,
  neighbors: AliasNeighbors,
  { price, unchanged, foreign }: WildcardPrices,
  refetchesPerPath: number,
  pagesLeft: number,
): NextListing[] {
  const alternatives = costsWithoutOwnWildcard(nodes, price);
  const listings = new Map<string, NextListing & { readonly gain: number }>();
  const root = nodes.at(-1);
  const open = root ? [root] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    const coverage = progress.coverage(node);
    if (coverage === 'fully listed' || node.isForced) continue;
    const alternative = alternatives.get(node) ?? 0;
    /** Paths that its wildcard would save if nothing more were found under it. */
    const gain = alternative - 1 - (progress.unchangedFound(node) + foreign(node)) / refetchesPerPath;
    const changedLeft = pathCount(node) - (coverage === 'unlisted' ? 0 : progress.changedListed(node));
    const keysLeft = unchanged(node) - progress.unchangedFound(node) + changedLeft;
    const isPromising = price(node) < alternative && keysLeft <= pagesLeft * PAGE;
    if (!neighbors.has(node) && gain >= WORTH_LISTING && (coverage === 'unlisted' || isPromising)) {
      const maxKeys = Math.min(PAGE, Math.ceil(gain * refetchesPerPath) + changedLeft + 1);
      const prefix = progress.namePrefix(node);
      listings.set(prefix, { prefix, maxKeys, gain });
    } else open.push(...node.children);
  }
  return [...listings.values()].sort((a, b) => b.gain - a.gain);
}

/** The wildcards of a plan that are not listed to the end: the rest of what they evict may be the whole site. */
export function unprovenWildcards(
  progress: ListingProgress,
  neighbors: AliasNeighbors,
  wildcards: readonly PathNode[],
): NextListing[] {
  const isUnproven = (node: PathNode) =>
    progress.coverage(node) !== 'fully listed' && !node.isForced && !neighbors.has(node);
  // Spellings can make two nodes of the same names.
  const prefixes = new Set(wildcards.filter(isUnproven).map(progress.namePrefix));
  return Array.from(prefixes, (prefix) => ({ prefix, maxKeys: PAGE }));
}

/** Per node, what covering its paths costs without its own wildcard. */
function costsWithoutOwnWildcard(
  nodes: readonly PathNode[],
  price: (node: PathNode) => number,
): ReadonlyMap<PathNode, number> {
  const costs = new Map<PathNode, number>();
  for (const node of nodes) {
    const saved = (child: PathNode) => {
      const cost = costs.get(child) ?? 0;
      return pathCount(child) - (child.isForced ? price(child) : Math.min(cost, price(child)));
    };
    const cost = node.children.reduce((sum, child) => sum - saved(child), pathCount(node));
    costs.set(node, cost);
  }
  return costs;
}

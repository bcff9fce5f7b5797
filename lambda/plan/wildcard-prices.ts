import { FULLY_LISTED, type ListingProgress, PARTLY_LISTED, UNLISTED } from '../bucket/listing-progress';
import { CERTAIN, lonelyNodes } from '../paths/query-strings';
import { neighborsBeside } from '../tree/alias-neighbors';
import type { RadixTree } from '../tree/path-tree';

/** How many objects a site has when nothing is known of it. A third or three times as many serve nearly as well. */
const SITE = 10_000;

/** How many ways names go on where they part, at least, whether something changed there or not. */
const WAYS = 10;

/** What the wildcard of each node is expected to cost. */
export interface Estimate {
  /** Unchanged objects under the node, at most. */
  readonly unchanged: Float64Array;
  /** In paths: the wildcard itself and what it needlessly discards. */
  readonly price: Float64Array;
}

/**
 * Prices the wildcard of every node by what is known of the bucket.
 *
 * - Wholly listed: what was found.
 * - Listed in part: at least what was found. At most, what was found between the changed paths that the listing has passed
 *   is also between the others, as it would be if changes were spread evenly.
 * - Not listed, but something above it was: an equal share of what is expected there.
 * - The query strings of a path: nothing. A name with an extension whose query strings count, not listed: nothing else.
 * - Aliases: what their objects have beside them.
 * - Nothing known at all: at least nothing. At most, the share of a site that it may well have.
 *
 * Between a least and a most, the geometric mean is taken: by whichever factor that is wrong, none is wrong by a smaller
 * one in the worst case. So a wildcard is taken when it may save by a larger factor than it may waste.
 *
 * @param refetchesPerPath per node: unchanged objects that may be evicted to save one path
 */
export function estimate(
  tree: RadixTree,
  refetchesPerPath: (node: number) => number,
  knowledge: ListingProgress | undefined,
): Estimate {
  const { nodes, parent, forced } = tree;
  const ways = waysOf(tree);
  const lonely = lonelyNodes(tree);
  const unchanged = expected(tree, ways, knowledge, lonely);
  const blind = (knowledge?.coverage[nodes - 1] ?? UNLISTED) === UNLISTED;
  const price = new Float64Array(nodes);
  const inside = new Float64Array(blind ? 0 : nodes);
  for (let node = 0; node < nodes; node++) {
    if (knowledge && !blind) {
      unchanged[node] = improved(knowledge, node);
      const above = parent[node] as number;
      if (above >= 0) (inside[above] as number) += unchanged[node] as number;
    }
    const most = 1 + (unchanged[node] as number) / refetchesPerPath(node);
    if (blind) price[node] = Math.sqrt(most);
    else if (knowledge?.coverage[node] !== PARTLY_LISTED) price[node] = most;
    else price[node] = Math.sqrt((1 + (knowledge.unchangedFound[node] as number) / refetchesPerPath(node)) * most);
  }
  if (tree.kin && !blind) addKin();
  return { unchanged, price };

  /** Aliases of what lives beside the objects, unless that is under the node as it is. */
  function addKin(): void {
    const listed = unchanged.slice();
    for (let node = 0; node < nodes; node++) {
      const beside = neighborsBeside(tree, node);
      if (beside < 0 || forced[node] || lonely?.[node]) continue;
      (unchanged[node] as number) += listed[beside] as number;
      (price[node] as number) += (listed[beside] as number) / refetchesPerPath(node);
    }
  }

  /** What is expected of a node, once that is known of its children. */
  function improved(
    { coverage, unchangedFound, unchangedOutsideChildren, branchesListed }: ListingProgress,
    node: number,
  ): number {
    if (coverage[node] === FULLY_LISTED) return unchangedFound[node] as number;
    if (lonely?.[node] === CERTAIN) return 0;
    const children = inside[node] as number;
    if (coverage[node] === UNLISTED) return Math.max(unchanged[node] as number, children);
    return (
      children +
      ((unchangedOutsideChildren[node] as number) * ((ways[node] as number) + 1)) /
        ((branchesListed[node] as number) + 1)
    );
  }
}

/** What is expected of each node from what was found under it, or else from its parent. */
function expected(
  tree: RadixTree,
  ways: Int32Array,
  knowledge: ListingProgress | undefined,
  lonely: Uint8Array | undefined,
): Float64Array {
  const { nodes, first, end, parent } = tree;
  const unchanged = new Float64Array(nodes);
  for (let node = nodes - 1; node >= 0; node--) {
    const above = parent[node] as number;
    if (lonely?.[node] && knowledge?.coverage[node] !== PARTLY_LISTED) continue;
    if (knowledge?.coverage[node] === PARTLY_LISTED) {
      const changed = (end[node] as number) - (first[node] as number);
      const passed = knowledge.changedListed[node] as number;
      unchanged[node] = ((knowledge.unchangedFound[node] as number) * (changed + 1)) / (passed + 1);
    } else {
      unchanged[node] = above < 0 ? SITE : (unchanged[above] as number) / Math.max(WAYS, ways[above] as number);
    }
  }
  return unchanged;
}

/** How many ways the changed paths go on from each node: its children, and its own paths. */
function waysOf({ nodes, first, end, parent }: RadixTree): Int32Array {
  const ways = new Int32Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const paths = (end[node] as number) - (first[node] as number);
    (ways[node] as number) += paths;
    const above = parent[node] as number;
    if (above >= 0) (ways[above] as number) += 1 - paths;
  }
  return ways;
}

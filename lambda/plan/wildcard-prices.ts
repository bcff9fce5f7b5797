import type { ListingProgress } from '../bucket/listing-progress';
import { pathOfQueryStrings } from '../paths/query-strings';
import type { AliasNeighbors } from '../tree/alias-neighbors';
import { ownPathCount, type PathNode, type PathTree, pathCount, prefixOf } from '../tree/path-tree';

/** How many objects a site, or a behavior, has when nothing is known of it. A third or three times as many serve nearly as well. */
export const ASSUMED_OBJECTS = 10_000;

/** How many branches names have where they part, at least, whether something changed there or not. */
const ASSUMED_BRANCHING = 10;

/** What the wildcard of each node is expected to cost. */
export interface WildcardPrices {
  /** Unchanged objects under the node. */
  unchanged(node: PathNode): number;
  /** Objects of other origins under the node, where the distribution caches any. Nobody can list them. */
  foreign(node: PathNode): number;
  /** In paths: the wildcard itself, and the unchanged objects that it evicts. */
  price(node: PathNode): number;
}

/**
 * Prices the wildcard of every node by what was listed.
 *
 * - Fully listed: what was found.
 * - Partly listed: at least what was found. At most, what was found between the changed paths that were listed is also between the
 *   others, as it would be if changes were spread evenly.
 * - Not listed, but something above it was: an equal share of what is expected there.
 * - The query strings of a path: nothing. A name with an extension whose query strings count, not listed: nothing else.
 * - Aliases: what their objects have beside them.
 * - Nothing listed at all: at least nothing. At most, the share of a site that it may well have.
 * - What other behaviors cache: a whole site each. That is never made cheaper by what is known of the buckets.
 *
 * Between a least and a most, the geometric mean is taken: by whichever factor that is wrong, none is wrong by a smaller
 * one in the worst case. So a wildcard is taken when it may save by a larger factor than it may waste.
 *
 * @param progress undefined: nothing was listed
 * @param refetchAllowance per node: unchanged objects that may be evicted to save one path
 */
export function wildcardPrices(
  tree: PathTree,
  progress: ListingProgress | undefined,
  neighbors: AliasNeighbors,
  refetchAllowance: (node: PathNode) => number,
  foreignUnder: (prefix: string) => number,
): WildcardPrices {
  const empty = emptyNodes(tree);
  const unchanged = new Array<number>(tree.nodes.length).fill(0);
  const foreign = foreignObjects(tree, foreignUnder);
  const evicting = (objects: number, node: PathNode) => 1 + objects / refetchAllowance(node);
  const unchangedUnder = (node: PathNode | undefined) => (node && unchanged[node.index]) ?? 0;
  for (const node of tree.nodes.toReversed()) unchanged[node.index] = expected(node);
  if (progress) for (const node of tree.nodes) unchanged[node.index] = improved(node, progress);

  /** From what was found under the node, or else from what is expected of its parent. */
  function expected(node: PathNode): number {
    if (progress?.coverage(node) === 'partly listed') {
      return (progress.unchangedFound(node) * (pathCount(node) + 1)) / (progress.changedListed(node) + 1);
    }
    if (empty.has(node)) return 0;
    if (!node.parent) return ASSUMED_OBJECTS;
    const branches = node.parent.children.length + ownPathCount(node.parent);
    return unchangedUnder(node.parent) / Math.max(ASSUMED_BRANCHING, branches);
  }

  /** Once that is known of the node's children. */
  function improved(node: PathNode, { coverage, unchangedFound }: ListingProgress): number {
    if (coverage(node) === 'fully listed') return unchangedFound(node);
    const children = node.children.reduce((sum, child) => sum + unchangedUnder(child), 0);
    return Math.max(unchangedUnder(node), children);
  }

  function most(node: PathNode): number {
    const beside = progress && !node.isForced && !empty.has(node) ? unchangedUnder(neighbors.get(node)) : 0;
    return unchangedUnder(node) + beside;
  }

  function ofBuckets(node: PathNode): number {
    const highest = evicting(most(node), node);
    if (!progress) return Math.sqrt(highest);
    if (progress.coverage(node) !== 'partly listed') return highest;
    return Math.sqrt(evicting(progress.unchangedFound(node), node) * highest);
  }

  return {
    unchanged: most,
    foreign,
    price: (node) => ofBuckets(node) + foreign(node) / refetchAllowance(node),
  };
}

/**
 * Per node, from the root down: what no wildcard of a node can reach, none under it can. A node that needs its wildcard costs nothing
 * more, or its ancestors would seem cheap beside several of them; nor do query strings, which no pattern is about.
 */
function foreignObjects(tree: PathTree, foreignUnder: (prefix: string) => number): (node: PathNode) => number {
  const behaviors = new Map<PathNode, number>();
  for (const node of tree.nodes.toReversed()) {
    if (node.parent && !behaviors.has(node.parent)) continue;
    const prefix = prefixOf(tree, node);
    const count = node.isForced || prefix.includes('?') ? 0 : foreignUnder(prefix);
    if (count > 0) behaviors.set(node, count);
  }
  return (node) => (behaviors.get(node) ?? 0) * ASSUMED_OBJECTS;
}

/**
 * The nodes of a tree under which nothing is expected to live besides their paths. No object's path goes on with a `?`, so nothing
 * does under the query strings of a path; and few objects are named as another one that has an extension, and more.
 */
function emptyNodes({ nodes, paths }: PathTree): ReadonlySet<PathNode> {
  const empty = new Set<PathNode>();
  for (const node of nodes) {
    const path = node.isForced ? pathOfQueryStrings(paths[node.first] ?? '') : undefined;
    if (path === undefined) continue;
    empty.add(node);
    if (node.parent?.length === path.length && hasExtension(path)) empty.add(node.parent);
  }
  return empty;
}

/** Whether the name of a path ends as that of a file: `a.html`, but neither `about` nor `v1.2`, which may be folders. */
function hasExtension(path: string): boolean {
  return /[^/]\.[a-z][a-z0-9]{0,9}$/i.test(path);
}

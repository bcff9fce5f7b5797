import type { AliasNeighbors } from './alias-neighbors';
import { commonLength } from './character-boundary';
import { REPEATED, sortPaths } from './sort-paths';

/**
 * The changed paths as a radix tree, in flat arrays: node `v` is the longest common prefix of the sorted paths from
 * `first[v]` to `end[v]`. Nodes are in postorder, so children come before their parent and the root is last; the
 * descendants of `v` are the nodes from `eldest[v]` to `v`. A million keys make a million nodes, so there is no object for each.
 */
export interface RadixTree {
  /** Sorted by code unit, unique, none under another that needs a wildcard. */
  readonly paths: readonly string[];
  /** 1 where the path is the first of an object's, and so stands for that object. */
  readonly isRepresentative: Uint8Array;
  readonly nodes: number;
  /** Index of the first path under the node. */
  readonly first: Int32Array;
  /** Index after the last path under the node. */
  readonly end: Int32Array;
  /** Characters of the node's prefix: its wildcard is `paths[first[v]].slice(0, length[v])` and `*`. */
  readonly length: Int32Array;
  /** The first node in postorder that is under the node: the node itself when it has no children. */
  readonly eldest: Int32Array;
  /** The node above; -1 for the root. */
  readonly parent: Int32Array;
  /** 1 where the node stands for one path that only a wildcard can cover. */
  readonly forced: Uint8Array;
  /** Where what is not known of aliases is looked up; absent: there are none. */
  readonly kin?: AliasNeighbors | undefined;
}

/** The wildcard of a node, which covers every path under it. */
export function wildcardOf(tree: RadixTree, node: number): string {
  return `${prefixOf(tree, node)}*`;
}

/** What every path under a node begins with. */
export function prefixOf(tree: RadixTree, node: number): string {
  return (tree.paths[tree.first[node] as number] as string).slice(0, tree.length[node]);
}

/**
 * Viewer paths, in any order and as often as they come → their tree. A path that ends in `*` needs a wildcard.
 *
 * @param representatives 1 for each path that is the first of an object's; by default, every path is an object's only one
 */
export function radixTree(
  viewerPaths: readonly string[],
  representatives: Uint8Array = new Uint8Array(viewerPaths.length).fill(1),
): RadixTree {
  const sorted = sortPaths(viewerPaths);
  const { paths, order } = sorted;
  const needing = sorted.hasStars ? viewerPaths.filter(needsWildcard) : [];
  const isCovered = coveredByWildcards(needing);
  const most = viewerPaths.length + needing.length;
  const first = new Int32Array(most);
  const end = new Int32Array(most);
  const length = new Int32Array(most);
  const eldest = new Int32Array(most);
  const parent = new Int32Array(most).fill(-1);
  const forced = new Uint8Array(most);
  const isRepresentative = new Uint8Array(viewerPaths.length);
  let nodes = 0;
  /** How many paths are kept so far, at the beginning of `paths`. */
  let kept = 0;

  // The nodes that are still open, from the root down: how long their prefix is, and where they began. One forced has no children.
  const openLength: number[] = [];
  const openFirst: number[] = [];
  const openEldest: number[] = [];

  function open(prefixLength: number, firstPath: number, eldestNode: number): void {
    openLength.push(prefixLength);
    openFirst.push(firstPath);
    openEldest.push(eldestNode);
  }

  /** Ends the nodes with a longer prefix than the next path shares; that path, if any, is the one after all so far. */
  function close(common: number): void {
    let beginFirst = kept - 1;
    let beginEldest = nodes;
    let top = openLength.length - 1;
    while (top >= 0 && (openLength[top] as number) > common) {
      beginFirst = openFirst.pop() as number;
      beginEldest = openEldest.pop() as number;
      first[nodes] = beginFirst;
      end[nodes] = kept;
      length[nodes] = openLength.pop() as number;
      eldest[nodes] = beginEldest;
      for (let child = nodes - 1; child >= beginEldest; child = (eldest[child] as number) - 1) parent[child] = nodes;
      nodes++;
      top--;
    }
    if (common > 0 && (top < 0 || openLength[top] !== common)) open(common, beginFirst, beginEldest);
  }

  let isNext = true;
  for (let at = 0; at < paths.length; at++) {
    const path = paths[at] as string;
    const common = sorted.common[at] as number;
    const represents = representatives[order[at] as number] as number;
    if (common === REPEATED) {
      if (isNext) (isRepresentative[kept - 1] as number) |= represents;
      continue;
    }
    if (isCovered?.(path)) {
      isNext = false;
      continue;
    }
    if (kept > 0) close(isNext ? common : commonLength(paths[kept - 1] as string, path));
    isNext = true;
    if (isCovered && needsWildcard(path)) {
      // It has no children, so it is the next to be closed.
      forced[nodes] = 1;
      open(path.length - 1, kept, nodes);
    }
    if (kept < at) paths[kept] = path;
    isRepresentative[kept] = represents;
    kept++;
  }
  paths.length = kept;
  close(0);
  return {
    paths,
    isRepresentative: isRepresentative.subarray(0, kept),
    nodes,
    first: first.subarray(0, nodes),
    end: end.subarray(0, nodes),
    length: length.subarray(0, nodes),
    eldest: eldest.subarray(0, nodes),
    parent: parent.subarray(0, nodes),
    forced: forced.subarray(0, nodes),
  };
}

const STAR = 0x2a;

function needsWildcard(path: string): boolean {
  return path.charCodeAt(path.length - 1) === STAR;
}

/**
 * Whether a path, asked for in sorted order, is covered by another one that needs a wildcard. Such a path may come after
 * some that it covers: `*` is a character like others to the order.
 */
function coveredByWildcards(needing: readonly string[]): ((path: string) => boolean) | undefined {
  if (needing.length === 0) return undefined;
  const prefixes = needing.map((path) => path.slice(0, -1));
  const widest: string[] = [];
  for (const prefix of prefixes.sort()) {
    const last = widest.at(-1);
    if (last === undefined || !prefix.startsWith(last)) widest.push(prefix);
  }
  let at = -1;
  return (path) => {
    while (at + 1 < widest.length && (widest[at + 1] as string) <= path) at++;
    const prefix = widest[at];
    return prefix !== undefined && path.startsWith(prefix) && path !== `${prefix}*`;
  };
}

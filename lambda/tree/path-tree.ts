import { isWildcard, stemOf } from '../paths/viewer-path';
import { commonLength } from './character-boundary';

/** A node of the tree: the longest common prefix of some paths. Its wildcard covers every one of them. */
export interface PathNode {
  /** Among the nodes of the tree. */
  readonly index: number;
  /** How many characters the prefix has. */
  readonly length: number;
  /** Index of the first path under the node. */
  readonly first: number;
  /** Index after the last path under the node. */
  readonly end: number;
  /** In the order of their paths. */
  readonly children: readonly PathNode[];
  /** Undefined for the root. */
  readonly parent: PathNode | undefined;
  /** Whether the node stands for one path that only a wildcard can cover. It has no children then. */
  readonly isForced: boolean;
}

/** Viewer paths as a radix tree. A path that shares no prefix with others has no node of its own. */
export interface PathTree {
  /** Sorted by code unit, unique, none under another that needs a wildcard. */
  readonly paths: readonly string[];
  /** Children before their parents, and in the order of their paths. The root, if any, is the last. */
  readonly nodes: readonly PathNode[];
}

/** What every path under a node begins with. */
export function prefixOf({ paths }: PathTree, { first, length }: PathNode): string {
  return (paths[first] ?? '').slice(0, length);
}

/** The wildcard of a node, which covers every path under it. */
export function wildcardOf(tree: PathTree, node: PathNode): string {
  return `${prefixOf(tree, node)}*`;
}

/** How many paths are under a node. */
export function pathCount({ first, end }: PathNode): number {
  return end - first;
}

/** How many of the paths of a node are under none of its children. */
export function ownPathCount(node: PathNode): number {
  return node.children.reduce((own, child) => own - pathCount(child), pathCount(node));
}

type Draft = { -readonly [Name in keyof PathNode]: PathNode[Name] } & { children: Draft[] };

/** Builds the tree of some viewer paths, in any order and as often as they come. A path that ends in `*` needs a wildcard. */
export function pathTree(viewerPaths: readonly string[]): PathTree {
  const paths: string[] = [];
  const nodes: PathNode[] = [];
  /** The nodes that the next path may still be under, from the root down. */
  const open: Draft[] = [];

  /** Ends the nodes whose prefix is longer than what the path at an index shares with the one before it. */
  function close(common: number, at: number): void {
    let last: Draft | undefined;
    for (let top = open.at(-1); top && top.length > common; top = open.at(-1)) {
      open.pop();
      top.index = nodes.length;
      top.end = at;
      nodes.push(top);
      last = top;
      const above = open.at(-1);
      if (above && above.length >= common) adopt(above, top);
    }
    if (common === 0 || open.at(-1)?.length === common) return;
    const added = draft(common, last?.first ?? at - 1, false);
    if (last) adopt(added, last);
    open.push(added);
  }

  // Once they are sorted, the paths of a large tree lie scattered in memory: each is looked at once.
  for (const path of withoutCovered(viewerPaths.toSorted(), viewerPaths.filter(isWildcard))) {
    const before = paths.at(-1);
    if (path === before) continue;
    if (before !== undefined) close(commonLength(before, path), paths.length);
    if (isWildcard(path)) open.push(draft(path.length - 1, paths.length, true));
    paths.push(path);
  }
  close(0, paths.length);
  return { paths, nodes };
}

function draft(length: number, first: number, isForced: boolean): Draft {
  return { index: -1, length, first, end: first, children: [], parent: undefined, isForced };
}

function adopt(parent: Draft, child: Draft): void {
  parent.children.push(child);
  child.parent = parent;
}

/** Sorted paths without those that another one, which needs a wildcard, covers. `*` is a character like others to the order. */
function withoutCovered(paths: string[], needing: readonly string[]): string[] {
  const stems = needing.map(stemOf).sort();
  if (stems.length === 0) return paths;
  const widest: string[] = [];
  for (const stem of stems) {
    const last = widest.at(-1);
    if (last === undefined || !stem.startsWith(last)) widest.push(stem);
  }
  let next = 0;
  return paths.filter((path) => {
    while (next < widest.length && (widest[next] ?? '') <= path) next++;
    const stem = widest[next - 1];
    return stem === undefined || !path.startsWith(stem) || path === `${stem}*`;
  });
}

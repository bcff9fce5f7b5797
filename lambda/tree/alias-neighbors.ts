import type { ChangedObject } from '../paths/changed-object';
import { findNode } from './find-node';
import type { PathNode, PathTree } from './path-tree';

/**
 * Per node that has aliases under it, the deepest node that holds their objects under their own paths. A listing cannot tell what
 * an alias' wildcard evicts, for keys say nothing of it. But what lives beside the objects has its aliases beside theirs.
 */
export type AliasNeighbors = ReadonlyMap<PathNode, PathNode>;

export function aliasNeighborsOf(tree: PathTree, changed: readonly ChangedObject[]): AliasNeighbors {
  const neighbors = new Map<PathNode, PathNode>();
  for (const { paths, aliases = [] } of changed) {
    const home = aliases.length > 0 ? findNode(tree, paths[0] ?? '') : undefined;
    if (!home) continue;
    const reached = new Set<PathNode>();
    for (const alias of aliases) {
      for (let node = findNode(tree, alias); node && !reached.has(node); node = node.parent) {
        reached.add(node);
        neighbors.set(node, lowestCommon(neighbors.get(node) ?? home, home));
      }
    }
  }
  for (const [node, beside] of neighbors) if (isUnder(beside, node)) neighbors.delete(node);
  return neighbors;
}

/** Whether all paths of a node are under another one, so that a listing of that one tells all. */
function isUnder(node: PathNode, above: PathNode): boolean {
  return node.first >= above.first && node.end <= above.end;
}

function lowestCommon(one: PathNode, other: PathNode): PathNode {
  let node = one;
  while (node.parent && !isUnder(other, node)) node = node.parent;
  return node;
}

import { stemOf } from '../paths/viewer-path';
import { firstIndex } from './first-index';
import { type PathNode, type PathTree, prefixOf } from './path-tree';

/** The deepest node of a tree that a path, with all that it covers, is under; undefined when it is under none. */
export function findNode(tree: PathTree, path: string): PathNode | undefined {
  const stem = stemOf(path);
  const isUnder = (node: PathNode | undefined) => node !== undefined && stem.startsWith(prefixOf(tree, node));
  let node = tree.nodes.at(-1);
  if (!isUnder(node)) return undefined;
  for (let child = node; child && isUnder(child); ) {
    node = child;
    const { children } = child;
    child = children[firstIndex(children, (each) => prefixOf(tree, each) > stem) - 1];
  }
  return node;
}

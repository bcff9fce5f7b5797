import { stemOf } from '../paths/viewer-path';
import type { RadixTree } from './path-tree';

/** Finds the deepest node of a tree that a path, with all that it covers, is under; -1 when it is under none. */
export function nodeFinder(tree: RadixTree): (path: string) => number {
  const { paths, length, parent } = tree;
  const nodeOf = deepestNodes(tree);
  return (path) => {
    const stem = stemOf(path);
    const at = firstNotBefore(paths, stem);
    const before = at > 0 ? shared(paths[at - 1] as string, stem) : 0;
    const after = at < paths.length ? shared(paths[at] as string, stem) : 0;
    let node = nodeOf[before > after ? at - 1 : Math.min(at, paths.length - 1)] ?? -1;
    while (node >= 0 && (length[node] as number) > Math.max(before, after)) node = parent[node] as number;
    return node;
  };
}

/** Per path of the tree, the deepest node that it is under; -1 for none. */
function deepestNodes({ paths, nodes, first, end, eldest }: RadixTree): Int32Array {
  const deepest = new Int32Array(paths.length).fill(-1);
  for (let node = 0; node < nodes; node++) {
    let after = end[node] as number;
    for (let child = node - 1; child >= (eldest[node] as number); child = (eldest[child] as number) - 1) {
      deepest.fill(node, end[child] as number, after);
      after = first[child] as number;
    }
    deepest.fill(node, first[node] as number, after);
  }
  return deepest;
}

function firstNotBefore(paths: readonly string[], path: string): number {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((paths[middle] as string) < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many characters two paths begin with in common. */
function shared(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let common = 0;
  while (common < most && a.charCodeAt(common) === b.charCodeAt(common)) common++;
  return common;
}

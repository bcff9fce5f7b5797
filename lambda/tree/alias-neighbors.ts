import type { ChangedObject } from '../paths/changed-object';
import { nodeFinder } from './find-node';
import type { RadixTree } from './path-tree';

/**
 * Per node of a tree with aliases: the deepest node that holds, under their own paths, all objects that have aliases under
 * it; -1 where none has. A listing cannot tell what an alias' wildcard throws away, for keys say nothing of it. But what lives
 * beside the objects has its aliases beside theirs.
 */
export type AliasNeighbors = Int32Array;

/** @returns undefined where no object has aliases */
export function aliasNeighborsOf(tree: RadixTree, changed: readonly ChangedObject[]): AliasNeighbors | undefined {
  if (changed.every(({ aliases }) => aliases === undefined)) return undefined;
  const { nodes, parent } = tree;
  const kin = new Int32Array(nodes).fill(-1);
  const lastReached = new Int32Array(nodes);
  const place = nodeFinder(tree);
  for (const [index, { paths, aliases = [] }] of changed.entries()) {
    const home = place(paths[0] ?? '');
    if (home < 0) continue;
    for (const alias of aliases) {
      for (let node = place(alias); node >= 0 && lastReached[node] !== index + 1; node = parent[node] as number) {
        lastReached[node] = index + 1;
        kin[node] = kin[node] === -1 ? home : lowestCommon(parent, kin[node] as number, home);
      }
    }
  }
  return kin;
}

/** The kin of a node; -1 where it has none or holds them itself, so that a listing tells all. */
export function neighborsBeside({ kin, eldest }: RadixTree, node: number): number {
  const beside = kin?.[node] ?? -1;
  return beside >= (eldest[node] as number) && beside <= node ? -1 : beside;
}

/** In postorder a node comes before those above it; the root is above all. */
function lowestCommon(parent: Int32Array, one: number, other: number): number {
  let [a, b] = [one, other];
  while (a !== b) {
    if (a < b) a = parent[a] as number;
    else b = parent[b] as number;
  }
  return a;
}

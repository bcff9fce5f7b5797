import { folderOf } from '../contract/environment';
import type { ChangedObject } from '../paths/changed-object';
import { firstIndex } from '../tree/first-index';
import { type PathNode, type PathTree, pathCount, prefixOf } from '../tree/path-tree';
import { LISTED_TO_END, NOT_STARTED, type OriginInventory } from './inventory';
import { compareKeys } from './key-order';

/** How much of what lives under a node has been listed, from its first key on. */
export type Coverage = 'unlisted' | 'partly listed' | 'fully listed';

/** What an inventory says of the nodes of a tree. */
export interface ListingProgress {
  coverage(node: PathNode): Coverage;
  /** Unchanged objects listed under the node. */
  unchangedFound(node: PathNode): number;
  /** Changed paths under the node that lie in what was listed. */
  changedListed(node: PathNode): number;
  /** What the names of the node's objects begin with. */
  namePrefix(node: PathNode): string;
}

/** @param isUnchanged whether a listed object of an origin was left alone by the changes */
export function listingProgress(
  tree: PathTree,
  changed: readonly ChangedObject[],
  origins: readonly OriginInventory[],
  isUnchanged: (origin: OriginInventory, name: string, lastModified: number | undefined) => boolean,
): ListingProgress {
  const nameOf = namesOf(changed);
  const unchanged = origins.map((origin) =>
    origin.objects.filter(({ key, lastModified }) => isUnchanged(origin, key, lastModified)).map(({ key }) => key),
  );
  const listedUpTo = (prefix: string) => origins.map((origin) => origin.listedUpTo(prefix));

  /** A raw `+` in a path may stand for a plus or for a space of the name, but always for one character. */
  function namePrefix(node: PathNode): string {
    const { length } = decodeURIComponent(prefixOf(tree, node).slice(1));
    return nameOf(tree.paths[node.first] ?? '').slice(0, length);
  }

  const known = new Map<PathNode, Known>();
  for (const node of tree.nodes.toReversed()) known.set(node, lookUp(node, node.parent && known.get(node.parent)));

  function lookUp(node: PathNode, above: Known | undefined): Known {
    // No object's path has a raw question mark, so that nothing is under query strings is known without a listing.
    if (prefixOf(tree, node).includes('?')) return { coverage: 'fully listed', ranges: [] };
    const prefix = namePrefix(node);
    return {
      coverage: above?.coverage === 'fully listed' ? above.coverage : coverageOf(listedUpTo(prefix)),
      ranges: unchanged.map((names, at) => rangeOf(names, prefix, above?.ranges[at])),
    };
  }

  return {
    coverage: (node) => known.get(node)?.coverage ?? 'unlisted',
    unchangedFound: (node) => known.get(node)?.ranges.reduce((sum, { from, to }) => sum + to - from, 0) ?? 0,
    changedListed(node) {
      if (known.get(node)?.coverage === 'fully listed') return pathCount(node);
      const frontiers = listedUpTo(namePrefix(node));
      const isListed = (path: string) =>
        frontiers.every((last) => last === LISTED_TO_END || compareKeys(nameOf(path), last) <= 0);
      return tree.paths.slice(node.first, node.end).filter(isListed).length;
    },
    namePrefix,
  };
}

function coverageOf(frontiers: readonly (string | null)[]): Coverage {
  if (frontiers.every((last) => last === NOT_STARTED)) return 'unlisted';
  return frontiers.every((last) => last === LISTED_TO_END) ? 'fully listed' : 'partly listed';
}

/** What is known of a node. */
interface Known {
  readonly coverage: Coverage;
  /** Per origin, which of its unchanged objects are under the node. */
  readonly ranges: readonly Range[];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where, within a range of names in S3's order, those are that begin with a prefix. */
function rangeOf(names: readonly string[], prefix: string, { from, to }: Range = { from: 0, to: names.length }): Range {
  const first = firstIndex(names, (name) => compareKeys(name, prefix) >= 0, from, to);
  return { from: first, to: firstIndex(names, (name) => !name.startsWith(prefix), first, to) };
}

/** The name that a changed path stands for; of an alias, the name that would be served there. */
function namesOf(changed: readonly ChangedObject[]): (path: string) => string {
  const names = new Map<string, string>();
  const decoded = (path: string) => decodeURIComponent(path.slice(1));
  for (const { key, originPath = '', viewerFolder = '', paths, aliases } of changed) {
    const ownName = viewerFolder + key.slice(folderOf(originPath).length);
    for (const path of paths) {
      const name = aliases?.includes(path) ? decoded(path) : ownName;
      const known = names.get(path);
      // Two keys may share a path, as `a b` and `a+b` do; which of them comes first must not matter.
      if (known === undefined || compareKeys(name, known) < 0) names.set(path, name);
    }
  }
  return (path) => names.get(path) ?? decoded(path);
}

import { pathOfQueryStrings } from '../paths/query-strings';
import type { PathNode, PathTree } from '../tree/path-tree';

/**
 * The nodes of a tree under which nothing is expected to live besides their paths. No object's path goes on with a `?`, so nothing
 * does under the query strings of a path; and few objects are named as another one that has an extension, and more.
 */
export function emptyNodes({ nodes, paths }: PathTree): ReadonlySet<PathNode> {
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

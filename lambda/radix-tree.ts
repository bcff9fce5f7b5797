/**
 * The changed paths as a radix tree, in flat arrays: node `v` is the longest common prefix of the sorted paths from
 * `first[v]` to `end[v]`. Nodes are in postorder, so children come before their parent and the root is last; the
 * descendants of `v` are the nodes from `eldest[v]` to `v`. A million keys make a million nodes, so there is no object for each.
 */
export interface RadixTree {
  /** Sorted by code unit, unique, none under another that needs a wildcard. */
  readonly paths: readonly string[];
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
}

/** The wildcard of a node, which covers every path under it. */
export function wildcardOf(tree: RadixTree, node: number): string {
  return `${prefixOf(tree, node)}*`;
}

/** What every path under a node begins with. */
export function prefixOf(tree: RadixTree, node: number): string {
  return (tree.paths[tree.first[node] as number] as string).slice(0, tree.length[node]);
}

/** Viewer paths, in any order and as often as they come → their tree. A path that ends in `*` needs a wildcard. */
export function radixTree(viewerPaths: readonly string[]): RadixTree {
  const paths = sortedUnique(viewerPaths);
  const count = paths.length;
  const first = new Int32Array(2 * count);
  const end = new Int32Array(2 * count);
  const length = new Int32Array(2 * count);
  const eldest = new Int32Array(2 * count);
  const parent = new Int32Array(2 * count).fill(-1);
  const forced = new Uint8Array(2 * count);
  let nodes = 0;

  // The nodes that are still open, from the root down: how long their prefix is, and where they began.
  const open: { length: number; first: number; eldest: number; forced: boolean }[] = [];
  for (let at = 0; at <= count; at++) {
    const path = paths[at];
    const common = at === 0 || path === undefined ? 0 : commonLength(paths[at - 1] as string, path);
    let begin = { first: at - 1, eldest: nodes };
    for (let top = open.at(-1); top && top.length > common; top = open.at(-1)) {
      open.pop();
      first[nodes] = top.first;
      end[nodes] = at;
      length[nodes] = top.length;
      eldest[nodes] = top.eldest;
      forced[nodes] = top.forced ? 1 : 0;
      for (let child = nodes - 1; child >= top.eldest; child = (eldest[child] as number) - 1) parent[child] = nodes;
      nodes++;
      begin = top;
    }
    if (common > 0 && open.at(-1)?.length !== common) {
      open.push({ length: common, first: begin.first, eldest: begin.eldest, forced: false });
    }
    if (path?.endsWith('*')) open.push({ length: path.length - 1, first: at, eldest: nodes, forced: true });
  }
  return {
    paths,
    nodes,
    first: first.slice(0, nodes),
    end: end.slice(0, nodes),
    length: length.slice(0, nodes),
    eldest: eldest.slice(0, nodes),
    parent: parent.slice(0, nodes),
    forced: forced.slice(0, nodes),
  };
}

/** Sorted by code unit, without repetitions and without what a path that needs a wildcard covers anyway. */
function sortedUnique(viewerPaths: readonly string[]): string[] {
  const paths = [...viewerPaths].sort();
  const wildcards = paths.filter((path) => path.endsWith('*')).map((path) => path.slice(0, -1));
  wildcards.sort();
  const widest: string[] = [];
  for (const prefix of wildcards) {
    const last = widest.at(-1);
    if (last === undefined || !prefix.startsWith(last)) widest.push(prefix);
  }
  let kept = 0;
  let wildcard = -1;
  let previous: string | undefined;
  for (const path of paths) {
    if (path === previous) continue;
    previous = path;
    while (wildcard + 1 < widest.length && (widest[wildcard + 1] as string) <= path) wildcard++;
    const prefix = widest[wildcard];
    if (prefix !== undefined && path.startsWith(prefix) && path !== `${prefix}*`) continue;
    paths[kept++] = path;
  }
  paths.length = kept;
  return paths;
}

/** How many characters two different paths share, without cutting an encoded character in two. */
function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let common = 0;
  while (common < most && a.charCodeAt(common) === b.charCodeAt(common)) common++;
  return Math.min(wholeCharacters(a, common), wholeCharacters(b, common));
}

const PERCENT = 0x25;

/** The longest prefix of at most `length` characters that ends neither inside `%E2%82%AC` nor inside a surrogate pair. */
function wholeCharacters(path: string, length: number): number {
  const next = path.charCodeAt(length);
  const last = path.charCodeAt(length - 1);
  const isPlain = next < 0x80 && next !== PERCENT && last !== PERCENT && path.charCodeAt(length - 2) !== PERCENT;
  if (isPlain) return length;
  if (last >>> 10 === 0x36 && next >>> 10 === 0x37) return length - 1;
  let cut = length;
  if (path.charCodeAt(cut - 1) === PERCENT) cut -= 1;
  else if (path.charCodeAt(cut - 2) === PERCENT) cut -= 2;
  // A byte from 80 to BF continues a character that at most three encoded bytes before it began.
  for (let back = 0; back < 3 && continues(path, cut); back++) {
    if (path.charCodeAt(cut - 3) !== PERCENT) break;
    cut -= 3;
  }
  return cut;
}

/** Whether an encoded byte of the form 10xxxxxx begins at an index of a path. */
function continues(path: string, at: number): boolean {
  if (path.charCodeAt(at) !== PERCENT) return false;
  const high = path.charCodeAt(at + 1) | 0x20;
  return high === 0x38 || high === 0x39 || high === 0x61 || high === 0x62;
}

import { ownPathCount, type PathNode, type PathTree, wildcardOf } from '../tree/path-tree';

/** The cheapest paths that cover every path of a tree. */
export interface Cover {
  /** In the tree's order; a wildcard ends in `*`. */
  readonly paths: readonly string[];
  /** The nodes whose wildcards are among the paths. */
  readonly wildcards: readonly PathNode[];
}

/** What wildcards have to save, or they are left out. */
export interface LeastSaving {
  /** Each of them: share of the cheapest price of all. @default 0 */
  readonly each?: number;
  /** All together: share of the price without any. @default 0 */
  readonly together?: number;
}

/** What something costs, in paths: at an index, its cheapest cover with at most so many wildcards. More would save nothing. */
type Costs = readonly number[];

/**
 * The cheapest cover of a tree with at most so many wildcards: exact, by dynamic programming from the leaves up.
 *
 * The cheapest cover of a node with at most w wildcards is either its own wildcard, or the cheapest way to share the w among its
 * children. A node needs a cost only for as many wildcards as make it cheaper, so most nodes have one or two, and the whole
 * is linear in the paths for a given `maxWildcards`.
 *
 * @param priceOf in paths: 1 and the unchanged objects that the wildcard of a node evicts
 */
export function cheapestCover(
  tree: PathTree,
  priceOf: (node: PathNode) => number,
  maxWildcards: number,
  { each = 0, together = 0 }: LeastSaving = {},
): Cover {
  const { add, size, cost } = packedCosts(tree.nodes.length);
  for (const node of tree.nodes) {
    const shared = node.children.reduce(share, withoutAny(node));
    add(withOwnWildcard(shared, priceOf(node), maxWildcards));
  }
  const root = tree.nodes.at(-1);
  const wildcards: PathNode[] = [];
  const open = root ? [{ node: root, budget: worthwhile(root) }] : [];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, budget } = next;
    if (budget === 0) continue;
    /** The costs of the node's own paths and its first children. */
    const sums = [withoutAny(node)];
    for (const child of node.children) sums.push(share([...(sums.at(-1) ?? [])], child));
    if (priceOf(node) < costWith(sums.at(-1) ?? [], budget)) {
      wildcards.push(node);
      continue;
    }
    let left = budget;
    for (const [at, child] of [...node.children.entries()].reverse()) {
      const budget = cheapestShare(sums[at] ?? [], child, left);
      open.push({ node: child, budget });
      left -= budget;
    }
  }
  return coverWith(tree, wildcards);

  /** The cheapest ways to share wildcards between some nodes and another one, in place of the costs of the former. */
  function share(some: number[], node: PathNode): number[] {
    const most = Math.min(some.length + size(node) - 2, maxWildcards);
    while (some.length <= most) some.push(some.at(-1) ?? Infinity);
    for (let w = most; w >= 0; w--) {
      let least = Infinity;
      for (let x = 0; x <= Math.min(w, size(node) - 1); x++) {
        least = Math.min(least, (some[w - x] ?? Infinity) + cost(node, x));
      }
      some[w] = least;
    }
    return some;
  }

  /** How many of some wildcards a node gets, where the rest goes to the nodes before it. */
  function cheapestShare(before: Costs, node: PathNode, budget: number): number {
    const total = (share: number) => costWith(before, budget - share) + cost(node, share);
    let best = 0;
    for (let share = 1; share <= Math.min(budget, size(node) - 1); share++)
      if (total(share) < total(best)) best = share;
    return best;
  }

  /** How many wildcards pay for what they have to save. */
  function worthwhile(root: PathNode): number {
    const due = each * cost(root, maxWildcards);
    const priced = Array.from({ length: size(root) }, (_, budget) => cost(root, budget) + budget * due);
    const best = priced.indexOf(Math.min(...priced));
    return cost(root, best) <= (1 - together) * cost(root, 0) ? best : 0;
  }
}

/** The costs of nodes, packed into one array: those of a large tree, in arrays of their own, would be most of the memory. */
function packedCosts(nodes: number) {
  const starts = new Int32Array(nodes + 1);
  let packed = new Float64Array(2 * nodes + 16);
  let count = 0;
  const startOf = (index: number) => starts[index] ?? 0;
  /** One more than the wildcards that are of use to a node. */
  const size = ({ index }: PathNode) => startOf(index + 1) - startOf(index);
  return {
    size,
    cost: (node: PathNode, budget: number) =>
      packed[startOf(node.index) + Math.min(budget, size(node) - 1)] ?? Infinity,
    add(costs: Costs) {
      const end = startOf(count) + costs.length;
      if (end > packed.length) packed = Float64Array.from({ length: 2 * end }, (_, at) => packed[at] ?? 0);
      packed.set(costs, startOf(count));
      starts[++count] = end;
    },
  };
}

/** What the paths cost that are under none of the node's children. */
function withoutAny(node: PathNode): number[] {
  return [node.isForced ? Infinity : ownPathCount(node)];
}

/** The costs of a node that may be covered by its own wildcard, as far as another wildcard makes it cheaper. */
function withOwnWildcard(shared: Costs, price: number, maxWildcards: number): Costs {
  const costs = [costWith(shared, 0)];
  const most = Math.min(maxWildcards, Math.max(1, shared.length - 1));
  for (let w = 1; w <= most; w++) costs.push(Math.min(costWith(shared, w), price));
  while (costs.length > 1 && !(costWith(costs, costs.length - 1) < costWith(costs, costs.length - 2))) costs.pop();
  return costs;
}

function costWith(costs: Costs, budget: number): number {
  return costs[Math.min(budget, costs.length - 1)] ?? Infinity;
}

/** The wildcards of some nodes, none under another, and every path that is under none of them. */
function coverWith(tree: PathTree, chosen: readonly PathNode[]): Cover {
  const wildcards = chosen.toSorted((a, b) => a.first - b.first);
  const paths: string[] = [];
  let at = 0;
  for (const node of wildcards) {
    for (const path of tree.paths.slice(at, node.first)) paths.push(path);
    paths.push(wildcardOf(tree, node));
    at = node.end;
  }
  return { paths: paths.concat(tree.paths.slice(at)), wildcards };
}

import { type RadixTree, wildcardOf } from '../tree/path-tree';

/** The cheapest paths that cover every path of a tree. */
export interface Cover {
  /** In the tree's order; a wildcard ends in `*`. */
  readonly paths: readonly string[];
  /** The nodes whose wildcards are among the paths. */
  readonly wildcards: readonly number[];
}

/** What wildcards have to save, or they are left out. */
export interface LeastSaving {
  /** Each of them: share of the cheapest price of all. @default 0 */
  readonly each?: number;
  /** All together: share of the price without any. @default 0 */
  readonly together?: number;
}

/**
 * The cheapest cover of a tree with at most so many wildcards: exact, by dynamic programming from the leaves up.
 *
 * The cheapest cover of a node with at most w wildcards is either its own wildcard, or the cheapest way to share the w among its
 * children. A node needs a price only for as many wildcards as make it cheaper, so most nodes have one or two, and the whole
 * is linear in the paths for a given `maxWildcards`.
 *
 * @param wildcardPrice per node, in paths: 1 and what its wildcard needlessly discards
 */
export function cheapestCover(
  tree: RadixTree,
  wildcardPrice: Float64Array,
  maxWildcards: number,
  { each = 0, together = 0 }: LeastSaving = {},
): Cover {
  const { nodes, first, end, eldest, forced } = tree;
  /** Where the prices of a node begin: `prices[start[v] + w]` is its cheapest cover with at most w wildcards. */
  const start = new Int32Array(nodes + 1);
  let prices = new Float64Array(2 * nodes + maxWildcards + 1);
  let sum = new Float64Array(maxWildcards + 1);
  let next = new Float64Array(maxWildcards + 1);

  /** Adds a child to the node in `sum`, which has `size` prices; answers how many it has then. */
  function addChild(size: number, child: number): number {
    const from = start[child] as number;
    const childSize = (start[child + 1] as number) - from;
    if (childSize === 1) {
      for (let w = 0; w < size; w++) (sum[w] as number) += prices[from] as number;
      return size;
    }
    const total = Math.min(size + childSize - 1, maxWildcards + 1);
    next.fill(Infinity, 0, total);
    for (let w = 0; w < size; w++) {
      for (let x = 0; x < childSize && w + x < total; x++) {
        const price = (sum[w] as number) + (prices[from + x] as number);
        if (price < (next[w + x] as number)) next[w + x] = price;
      }
    }
    [sum, next] = [next, sum];
    return total;
  }

  function childrenOf(node: number): number[] {
    const children: number[] = [];
    for (let child = node - 1; child >= (eldest[node] as number); child = (eldest[child] as number) - 1)
      children.push(child);
    return children;
  }

  /** The paths of a node that are under none of its children, each of which costs a path. */
  function ownPaths(node: number): number {
    let own = forced[node] ? Infinity : (end[node] as number) - (first[node] as number);
    for (let child = node - 1; child >= (eldest[node] as number); child = (eldest[child] as number) - 1) {
      own -= (end[child] as number) - (first[child] as number);
    }
    return own;
  }

  for (let node = 0; node < nodes; node++) {
    sum[0] = ownPaths(node);
    let size = 1;
    for (let child = node - 1; child >= (eldest[node] as number); child = (eldest[child] as number) - 1)
      size = addChild(size, child);
    const wildcard = wildcardPrice[node] as number;
    if (size === 1 && maxWildcards > 0) sum[size++] = sum[0] as number;
    for (let w = 1; w < size; w++) if (wildcard < (sum[w] as number)) sum[w] = wildcard;
    while (size > 1 && !((sum[size - 1] as number) < (sum[size - 2] as number))) size--;
    const from = start[node] as number;
    if (from + size > prices.length) {
      const grown = new Float64Array(2 * prices.length);
      grown.set(prices);
      prices = grown;
    }
    for (let w = 0; w < size; w++) prices[from + w] = sum[w] as number;
    start[node + 1] = from + size;
  }

  return coverWith(tree, nodes === 0 ? [] : chosen());

  /** The nodes whose wildcards the cheapest cover of the root takes. */
  function chosen(): number[] {
    const wildcards: number[] = [];
    const open = [{ node: nodes - 1, budget: worthwhile() }];
    for (let task = open.pop(); task; task = open.pop()) {
      const { node, budget } = task;
      let apart = ownPaths(node);
      const shared: number[] = [];
      for (const child of childrenOf(node)) {
        if (sizeOf(child) > 1) shared.push(child);
        else apart += prices[start[child] as number] as number;
      }
      const shares = shareAmong(shared, budget);
      for (const [at, child] of shared.entries()) apart += priceOf(child, shares[at] as number);
      if (budget > 0 && (wildcardPrice[node] as number) < apart) wildcards.push(node);
      else
        for (const [at, child] of shared.entries()) {
          if ((shares[at] as number) > 0) open.push({ node: child, budget: shares[at] as number });
        }
    }
    return wildcards;
  }

  /** How many wildcards the root is to have. */
  function worthwhile(): number {
    const root = nodes - 1;
    const due = each * priceOf(root, maxWildcards);
    let best = 0;
    for (let budget = 1; budget < sizeOf(root); budget++) {
      if (priceOf(root, budget) + budget * due < priceOf(root, best) + best * due) best = budget;
    }
    return priceOf(root, best) <= (1 - together) * priceOf(root, 0) ? best : 0;
  }

  /** How many of the wildcards each of some nodes gets in their cheapest cover. */
  function shareAmong(shared: readonly number[], budget: number): number[] {
    let best = new Array<number>(budget + 1).fill(0);
    const choices = shared.map((child) => {
      const choice = new Array<number>(budget + 1).fill(0);
      best = best.map((_, w) => {
        let cheapest = Infinity;
        for (let x = 0; x <= w && x < sizeOf(child); x++) {
          const price = (best[w - x] as number) + priceOf(child, x);
          if (price >= cheapest) continue;
          cheapest = price;
          choice[w] = x;
        }
        return cheapest;
      });
      return choice;
    });
    let left = budget;
    return choices
      .reverse()
      .map((choice) => {
        const share = choice[left] as number;
        left -= share;
        return share;
      })
      .reverse();
  }

  function sizeOf(node: number): number {
    return (start[node + 1] as number) - (start[node] as number);
  }

  function priceOf(node: number, budget: number): number {
    return prices[(start[node] as number) + Math.min(budget, sizeOf(node) - 1)] as number;
  }
}

/** The wildcards of some nodes, none under another, and every path that is under none of them. */
function coverWith(tree: RadixTree, chosen: readonly number[]): Cover {
  const wildcards = chosen.toSorted((a, b) => a - b);
  const paths: string[] = [];
  let at = 0;
  for (const node of wildcards) {
    while (at < (tree.first[node] as number)) paths.push(tree.paths[at++] as string);
    paths.push(wildcardOf(tree, node));
    at = tree.end[node] as number;
  }
  while (at < tree.paths.length) paths.push(tree.paths[at++] as string);
  return { paths, wildcards };
}

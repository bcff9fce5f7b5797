import { type ListingProgress, UNLISTED } from '../bucket/listing-progress';
import { USUAL_REFETCHES_PER_PATH } from '../contract/pricing';
import { MOST_PATHS, MOST_WILDCARDS } from '../contract/quotas';
import type { ChangedObject } from '../paths/changed-object';
import { aliasNeighborsOf } from '../tree/alias-neighbors';
import { type RadixTree, radixTree } from '../tree/path-tree';
import { type Cover, cheapestCover, type LeastSaving } from './cheapest-cover';
import { refetchAllowance } from './widening';
import { estimate } from './wildcard-prices';

export interface PlanOptions {
  /**
   * How many unchanged objects may be thrown out of the cache to save one path. CloudFront bills a path $0.005, and
   * fetching an object again costs the viewer a wait and the origin a request: more makes cheaper, wider plans.
   *
   * @default 100
   */
  readonly refetchesPerPath?: number;
  /**
   * CloudFront takes 15 wildcards at a time.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
   * @default 15
   */
  readonly maxWildcards?: number;
  /**
   * What wildcards have to save. CloudFront may hold the 15 that it takes for minutes, and what is spent on little, the next
   * changes wait for.
   *
   * @default - every wildcard is taken that makes the plan cheaper
   */
  readonly leastSaving?: LeastSaving;
  /**
   * Where more would be cheaper, the plan is widened as though paths were dearer.
   *
   * @default 1000
   */
  readonly maxPaths?: number;
}

/** The paths that cover every change, and what they cost. */
export interface Plan {
  /** Sorted by code unit, unique, none covered by another. */
  readonly paths: readonly string[];
  readonly wildcards: number;
  /** Unchanged objects that the wildcards throw out of the cache, as far as it is known. */
  readonly evicted: number;
  /** Whether a wildcard was taken of which nobody knows what it throws out: that may be much. */
  readonly guessed: boolean;
  /** In paths: those asked for, and the evicted objects / refetchesPerPath. */
  readonly price: number;
}

/** The tree of all viewer paths of some changed objects. */
export function treeOf(changed: readonly ChangedObject[]): RadixTree {
  let count = 0;
  for (const change of changed) count += change.paths.length;
  // Of their final size from the start: growing arrays of a million would leave more garbage than they hold.
  const paths = new Array<string>(count);
  const isRepresentative = new Uint8Array(count);
  let at = 0;
  for (const change of changed) {
    isRepresentative[at] = 1;
    for (const path of change.paths) paths[at++] = path;
  }
  const tree = radixTree(paths, isRepresentative);
  return { ...tree, kin: aliasNeighborsOf(tree, changed) };
}

/**
 * The cheapest paths that cover every path of some changed objects. The same changes in any order make the same plan.
 *
 * @param tree their tree
 * @param knowledge what a census of the same tree found out; without it the plan is made by what is usual
 */
export function planFor(
  tree: RadixTree,
  changed: readonly ChangedObject[],
  options: PlanOptions = {},
  knowledge?: ListingProgress,
): Plan {
  const { paths, wildcards, evicted, price, isBlind } = coverFor(tree, changed, options, knowledge);
  return {
    paths,
    wildcards: wildcards.length,
    evicted: Math.round(evicted),
    guessed: isBlind && wildcards.some((node) => !tree.forced[node]),
    price,
  };
}

/** The plan as nodes of the tree, and what it discards and costs. */
export function coverFor(
  tree: RadixTree,
  changed: readonly ChangedObject[],
  options: PlanOptions,
  knowledge?: ListingProgress,
): Cover & Pick<Plan, 'evicted' | 'price'> & { readonly isBlind: boolean } {
  const { refetchesPerPath = USUAL_REFETCHES_PER_PATH, leastSaving = {} } = options;
  const { maxWildcards = MOST_WILDCARDS, maxPaths = MOST_PATHS } = options;
  const patienceOf = refetchAllowance(tree, changed, refetchesPerPath);
  const { price: prices, unchanged } = estimate(tree, patienceOf, knowledge);
  const isBlind = (knowledge?.coverage[tree.nodes - 1] ?? UNLISTED) === UNLISTED;
  if (isBlind) sparesNeighbours(tree, prices, unchanged);
  const cover = cheapestWithin(tree, prices, { maxWildcards, maxPaths, leastSaving });
  const evicted = cover.wildcards.reduce((sum, node) => sum + ((prices[node] as number) - 1) * patienceOf(node), 0);
  return { ...cover, evicted, price: cover.paths.length + evicted / refetchesPerPath, isBlind };
}

/**
 * Without a look at the bucket, no wildcard is taken for one object alone: its several paths say nothing about what else lives
 * around it, and guessing wrong would discard a whole folder for the sake of one page.
 */
function sparesNeighbours(tree: RadixTree, price: Float64Array, unchanged: Float64Array): void {
  const { nodes, first, end, forced, isRepresentative } = tree;
  const { length } = isRepresentative;
  /** How many objects the paths before an index stand for. */
  const before = new Int32Array(length + 1);
  for (let at = 0; at < length; at++) before[at + 1] = (before[at] as number) + (isRepresentative[at] as number);
  for (let node = 0; node < nodes; node++) {
    const [from, to] = [first[node] as number, end[node] as number];
    const objects = (before[to] as number) - (before[from] as number);
    // No cheaper than its paths: only a bound on these can still call for it.
    if (objects < 2 && !forced[node] && (unchanged[node] as number) > 0)
      price[node] = Math.max(price[node] as number, to - from);
  }
}

/** The fineness to which a bound on the paths is used: some percent of the price of a path. */
const STEPS = 6;

/** The cheapest cover of at most so many paths, found by making paths dearer until no more are asked for. */
function cheapestWithin(
  tree: RadixTree,
  price: Float64Array,
  { maxWildcards, maxPaths, leastSaving }: Pick<Required<PlanOptions>, 'maxWildcards' | 'maxPaths' | 'leastSaving'>,
): Cover {
  const withDearer = (factor: number) =>
    cheapestCover(
      tree,
      price.map((each) => 1 + (each - 1) / factor),
      maxWildcards,
      leastSaving,
    );
  let cover = cheapestCover(tree, price, maxWildcards, leastSaving);
  if (cover.paths.length <= maxPaths) return cover;
  let enough = 1;
  while (cover.paths.length > maxPaths && enough < Number.MAX_VALUE) {
    enough *= 2;
    cover = withDearer(enough);
  }
  let tooLittle = enough / 2;
  for (let step = 0; step < STEPS; step++) {
    const middle = Math.sqrt(tooLittle * enough);
    const closer = withDearer(middle);
    if (closer.paths.length > maxPaths) tooLittle = middle;
    else {
      cover = closer;
      enough = middle;
    }
  }
  return cover;
}

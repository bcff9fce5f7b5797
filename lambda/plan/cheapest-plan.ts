import type { ListingProgress } from '../bucket/listing-progress';
import { USUAL_REFETCHES_PER_PATH } from '../contract/pricing';
import { MOST_PATHS, MOST_WILDCARDS } from '../contract/quotas';
import type { ChangedObject } from '../paths/changed-object';
import type { AliasNeighbors } from '../tree/alias-neighbors';
import { type PathNode, type PathTree, pathCount } from '../tree/path-tree';
import { type Cover, cheapestCover, type LeastSaving } from './cheapest-cover';
import { refetchAllowance } from './widening';
import { type WildcardPrices, wildcardPrices } from './wildcard-prices';

/** What a plan may cost, and how many paths it may hold. */
export interface PlanLimits {
  /**
   * How many unchanged objects may be evicted from the caches to save one path. CloudFront bills a path $0.005, and
   * fetching an object again costs the viewer a wait and the origin a request: more makes cheaper, wider plans.
   *
   * @default 100
   */
  readonly refetchesPerPath?: number;
  /**
   * CloudFront takes 15 wildcards at a time. 0: only what nothing else can cover is covered by wildcards, one at least.
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
   * Where more would be cheaper, the plan is widened as though paths were dearer. Paths that cover no change of the batch itself
   * do not count: they are not sent.
   *
   * @default 1000
   */
  readonly maxPaths?: number;
}

/** Prices of the wildcards of a tree, and the cheapest cover by them. */
export interface PricedCover extends Cover, WildcardPrices {
  /** Unchanged objects that the wildcard of a node evicts, as far as it is known. */
  evictedBy(node: PathNode): number;
}

/**
 * The cheapest cover within some limits, by what was listed.
 *
 * @param changed the changes of the batch: nobody knows how often the messages of what else is pending were received
 * @param progress undefined: nothing was listed
 * @param foreignUnder how many behaviors cache what comes from elsewhere, behind a prefix
 * @param isSent whether a path of the cover covers a change of the batch itself
 */
export function cheapestPlan(
  tree: PathTree,
  changed: readonly ChangedObject[],
  neighbors: AliasNeighbors,
  progress: ListingProgress | undefined,
  foreignUnder: (prefix: string) => number,
  isSent: (path: string) => boolean,
  limits: PlanLimits,
): PricedCover {
  const { refetchesPerPath = USUAL_REFETCHES_PER_PATH, leastSaving = {} } = limits;
  const { maxWildcards = MOST_WILDCARDS, maxPaths = MOST_PATHS } = limits;
  const allowance = refetchAllowance(tree, changed, refetchesPerPath);
  const prices = wildcardPrices(tree, progress, neighbors, allowance, foreignUnder);
  const isSingle = progress ? () => false : singleObjectNodes(tree, changed);
  // No cheaper than its paths: only a bound on these can still call for it.
  const priced = tree.nodes.map(priceOf);
  const price = ({ index }: PathNode) => priced[index] ?? 1;
  const mayUse = tree.nodes.some(({ isForced }) => isForced) ? Math.max(1, maxWildcards) : maxWildcards;
  const coverIfDearer = (factor: number) =>
    cheapestCover(tree, (node) => 1 + (price(node) - 1) / factor, mayUse, leastSaving);
  const fits = ({ paths }: Cover) => paths.length <= maxPaths || paths.filter(isSent).length <= maxPaths;
  const cover = cheapestThatFits(coverIfDearer, fits);
  return { ...cover, ...prices, price, evictedBy: (node) => (price(node) - 1) * allowance(node) };

  function priceOf(node: PathNode): number {
    const price = prices.price(node);
    return isSingle(node) && prices.unchanged(node) > 0 ? Math.max(price, pathCount(node)) : price;
  }
}

/**
 * Without a listing of the bucket, no wildcard is taken for one object alone: its several paths say nothing about what else lives
 * around it, and guessing wrong would evict a whole folder for the sake of one page.
 */
function singleObjectNodes({ paths }: PathTree, changed: readonly ChangedObject[]): (node: PathNode) => boolean {
  if (changed.every((each) => each.paths.length === 1)) return (node) => !node.isForced && pathCount(node) < 2;
  const firstPaths = new Set(changed.map((each) => each.paths[0]));
  /** How many objects there are before each path. */
  const before = [0];
  for (const [at, path] of paths.entries()) before.push((before[at] ?? 0) + (firstPaths.has(path) ? 1 : 0));
  return ({ isForced, first, end }) => !isForced && (before[end] ?? 0) - (before[first] ?? 0) < 2;
}

/** How many times dearer a path is made at first, and how often that is then made finer by half. */
const DEARER = 8;
const STEPS = 7;

/** The cheapest cover that fits, found by making paths dearer. */
function cheapestThatFits(coverIfDearer: (factor: number) => Cover, fits: (cover: Cover) => boolean): Cover {
  let cover = coverIfDearer(1);
  if (fits(cover)) return cover;
  let enough = 1;
  while (!fits(cover) && enough < Number.MAX_VALUE) {
    enough *= DEARER;
    cover = coverIfDearer(enough);
  }
  let tooLittle = enough / DEARER;
  for (let step = 0; step < STEPS; step++) {
    const middle = Math.sqrt(tooLittle * enough);
    const closer = coverIfDearer(middle);
    if (!fits(closer)) tooLittle = middle;
    else {
      cover = closer;
      enough = middle;
    }
  }
  return cover;
}

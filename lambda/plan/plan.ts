import { type Inventory, NO_INVENTORY } from '../bucket/inventory';
import { type ListingProgress, listingProgress } from '../bucket/listing-progress';
import { USUAL_REFETCHES_PER_PATH } from '../contract/pricing';
import type { ChangedObject } from '../paths/changed-object';
import { coverage } from '../paths/coverage';
import { isWildcard, stemOf } from '../paths/viewer-path';
import { type AliasNeighbors, aliasNeighborsOf } from '../tree/alias-neighbors';
import { firstIndex } from '../tree/first-index';
import { type PathTree, pathTree, wildcardOf } from '../tree/path-tree';
import { cheapestPlan, type PlanLimits, type PricedCover } from './cheapest-plan';
import { type Deploy, deployOf, NOTHING_PENDING, type PlanContext } from './deploy';

/** The paths that cover every change of a batch, and what they cost. */
export interface Plan {
  /** Sorted by code unit, unique, none covered by another. */
  readonly paths: readonly string[];
  readonly wildcards: number;
  /** Unchanged objects that the wildcards evict, as far as it is known. */
  readonly evicted: number;
  /** Whether a wildcard was taken of which nobody knows what it evicts: that may be much. */
  readonly guessed: boolean;
  /** In paths: those sent, and the evicted objects / refetchesPerPath. */
  readonly price: number;
}

/**
 * The cheapest paths that cover every path of some changed objects. The same changes in any order make the same plan.
 *
 * A batch may hold a part of a deploy. What else is pending is priced as though it were in the batch: so the first batch takes the
 * wildcard that covers the whole deploy, and is the only one that pays. What covers no change of the batch itself is left to others.
 */
export function plan(
  changes: readonly ChangedObject[],
  limits: PlanLimits = {},
  inventory: Inventory = NO_INVENTORY,
  context: PlanContext = NOTHING_PENDING,
): Plan {
  const outlook = lookAt(changes, inventory, context);
  const cover = coverOf(outlook, limits);
  const wildcards = cover.wildcards.filter((node) => outlook.isSent(wildcardOf(outlook.tree, node)));
  const verbatim = outlook.verbatim.filter(isNotCoveredBy(cover.paths));
  const paths = [...cover.paths.filter(outlook.isSent), ...verbatim].sort();
  const evicted = wildcards.reduce((sum, node) => sum + cover.evictedBy(node), 0);
  const { refetchesPerPath = USUAL_REFETCHES_PER_PATH } = limits;
  return {
    paths,
    wildcards: wildcards.length + verbatim.filter(isWildcard).length,
    evicted: Math.round(evicted),
    guessed: outlook.isBlind && wildcards.some((node) => !node.isForced && cover.unchanged(node) > 0),
    price: paths.length + evicted / refetchesPerPath,
  };
}

/** The changed paths of a deploy, and what was listed around them. */
export interface Outlook {
  readonly deploy: Deploy;
  readonly tree: PathTree;
  readonly neighbors: AliasNeighbors;
  readonly progress: ListingProgress | undefined;
  /** How many behaviors cache what comes from elsewhere, behind a prefix. */
  readonly foreignUnder: (prefix: string) => number;
  /** What is sent as it is, none covered by another. */
  readonly verbatim: readonly string[];
  /** Whether nothing was listed. */
  readonly isBlind: boolean;
  /** Whether a path of a cover covers a change of the batch itself. */
  readonly isSent: (path: string) => boolean;
}

/** Puts the changes of a batch, and what is pending besides, into a tree, with what was listed. */
export function lookAt(received: readonly ChangedObject[], inventory: Inventory, context: PlanContext): Outlook {
  const { origins } = inventory;
  const { foreignUnder } = context;
  const verbatim = verbatimOf(received);
  const changes = received.map(withoutVerbatim(verbatim));
  const found = deployOf(changes, inventory, context);
  const deploy = { ...found, pending: found.pending.map(withoutVerbatim(verbatim)) };
  const changed = [...changes, ...deploy.pending];
  const tree = pathTree(changed.flatMap(({ paths }) => paths));
  return {
    deploy,
    tree,
    neighbors: aliasNeighborsOf(tree, changed),
    progress: origins.length > 0 ? listingProgress(tree, changed, origins, deploy.isUnchanged) : undefined,
    foreignUnder,
    verbatim,
    isBlind: !origins.some(({ isListed }) => isListed),
    isSent: deploy.pending.length > 0 ? coversOneOf(changes) : () => true,
  };
}

/** What some changes have sent as it is, none covered by another. */
function verbatimOf(changes: readonly ChangedObject[]): string[] {
  const all = [...new Set(changes.flatMap(({ verbatim = [] }) => verbatim))];
  return all.filter((path) => isNotCoveredBy(all.filter((other) => other !== path && isWildcard(other)))(path));
}

function withoutVerbatim(sent: readonly string[]) {
  const isLeft = isNotCoveredBy(sent);
  return (change: ChangedObject): ChangedObject => {
    if (sent.length === 0 && !change.verbatim) return change;
    const { verbatim = [], ...rest } = change;
    return { ...rest, paths: change.paths.filter((path) => !verbatim.includes(path) && isLeft(path)) };
  };
}

function isNotCoveredBy(paths: readonly string[]): (path: string) => boolean {
  const coverOf = coverage(paths);
  return (path) => coverOf(path) === undefined;
}

/** The cheapest cover of a whole deploy. */
export function coverOf(
  { deploy, tree, neighbors, progress, foreignUnder, isBlind, isSent }: Outlook,
  limits: PlanLimits,
): PricedCover {
  const listed = isBlind ? undefined : progress;
  return cheapestPlan(tree, deploy.changes, neighbors, listed, foreignUnder, isSent, limits);
}

function coversOneOf(changes: readonly ChangedObject[]): (path: string) => boolean {
  const own = new Set(changes.flatMap(({ paths }) => paths));
  const stems = Array.from(own, stemOf).sort();
  return (path) => {
    if (!isWildcard(path)) return own.has(path);
    const stem = stemOf(path);
    return stems[firstIndex(stems, (each) => each >= stem)]?.startsWith(stem) ?? false;
  };
}

import { nodeFinder } from '../tree/find-node';
import { prefixOf, type RadixTree } from '../tree/path-tree';
import { compareKeys } from './key-order';

/** How much of what lives under a node has been listed. */
export const UNLISTED = 0;
export const PARTLY_LISTED = 1;
export const FULLY_LISTED = 2;

/** What is coverage of the bucket, per node of the tree. */
export interface ListingProgress {
  /** UNKNOWN, PARTLY or WHOLLY. */
  readonly coverage: Uint8Array;
  /** Unchanged objects listed under the node. */
  readonly unchangedFound: Float64Array;
  /** Those of them that are under none of its children. */
  readonly unchangedOutsideChildren: Float64Array;
  /** Changed paths under the node that lie in what was listed. */
  readonly changedListed: Int32Array;
  /** Children and own paths of the node that a listing of the node itself has changedListed. */
  readonly branchesListed: Int32Array;
}

/**
 * How far a node has been listed in each origin: the last key, without the origin path; NOTHING; or to the END. Every key of the
 * node up to there is coverage.
 */
export type Frontier = readonly (string | null)[];
export const NOT_STARTED = '';
export const LISTED_TO_END = null;

/** Knowledge that grows with every page. */
export interface GrowingProgress extends ListingProgress {
  /** What the keys under a node begin with, without the origin path. */
  keyPrefix(node: number): string;
  frontier(node: number): Frontier;
  /** Whether the node itself was listed, not only one above it. */
  isListed(node: number): boolean;
  /** Takes in that a node has been listed so far. */
  advance(node: number, frontier: Frontier): void;
  /** Takes in an unchanged object by its viewer paths. Not twice. */
  count(paths: readonly string[]): void;
  /** Works out what follows for all nodes: what is wholly listed is so with everything under it. */
  conclude(): void;
}

/**
 * @param keyOf a path of the tree → the key it stands for, without the origin path
 * @param origins how many origins the distribution has
 */
export function trackProgress(tree: RadixTree, keyOf: (path: string) => string, origins: number): GrowingProgress {
  const { nodes, paths, first, end, eldest, parent } = tree;
  const coverage = new Uint8Array(nodes);
  const unchangedFound = new Float64Array(nodes);
  const unchangedOutsideChildren = new Float64Array(nodes);
  const changedListed = new Int32Array(nodes);
  const branchesListed = new Int32Array(nodes);
  const nothing: Frontier = new Array<string>(origins).fill(NOT_STARTED);
  const listed = new Map<number, Frontier>();
  /** The frontiers of all nodes that are coverage in part. */
  const partly = new Map<number, Frontier>();
  const place = nodeFinder(tree);
  /** The last object that was counted for a node, so that one with two paths there counts once. */
  const lastCounted = new Int32Array(nodes);
  let objects = 0;
  /** Spellings of a space or a plus make several nodes of the same keys: what one is told, all know. */
  const twins = paths.some((path) => path.includes('+')) ? Map.groupBy(first.keys(), keyPrefix) : undefined;

  /** A raw `+` in a path may stand for a plus or for a space of the key, but always for one character. */
  function keyPrefix(node: number): string {
    const { length } = decodeURIComponent(prefixOf(tree, node).slice(1));
    return keyOf(paths[first[node] as number] as string).slice(0, length);
  }

  /** What the frontier of its parent means for a node. */
  function inherited(node: number, frontier: Frontier): Frontier {
    const prefix = keyPrefix(node);
    return frontier.map((last) => {
      if (last === LISTED_TO_END || last.startsWith(prefix)) return last;
      return compareKeys(last, prefix) < 0 ? NOT_STARTED : LISTED_TO_END;
    });
  }

  function concludeKnown(): void {
    partly.clear();
    branchesListed.fill(0);
    for (let node = nodes - 1; node >= 0; node--) {
      const above = parent[node] as number;
      coverage[node] = above < 0 ? UNLISTED : (coverage[above] as number);
      if (coverage[node] === FULLY_LISTED) continue;
      const fromAbove = coverage[node] === PARTLY_LISTED ? inherited(node, partly.get(above) as Frontier) : nothing;
      if (fromAbove.every((last) => last === LISTED_TO_END)) (branchesListed[above] as number)++;
      const frontier = listed.get(node) ?? fromAbove;
      coverage[node] = knownUpTo(frontier);
      if (coverage[node] === PARTLY_LISTED) partly.set(node, frontier);
    }
  }

  function concludePassed(): void {
    changedListed.fill(0);
    for (let node = 0; node < nodes; node++) {
      const frontier = partly.get(node);
      if (coverage[node] === FULLY_LISTED) changedListed[node] = (end[node] as number) - (first[node] as number);
      else if (frontier) {
        const own = passedPaths(node, frontier);
        (changedListed[node] as number) += own;
        (branchesListed[node] as number) += own;
      }
      const above = parent[node] as number;
      if (above >= 0) (changedListed[above] as number) += changedListed[node] as number;
    }
  }

  /** How many of the paths of a node that are under none of its children the listing has changedListed. */
  function passedPaths(node: number, frontier: Frontier): number {
    let count = 0;
    let after = end[node] as number;
    const countFrom = (from: number) => {
      for (let at = from; at < after; at++) {
        const key = keyOf(paths[at] as string);
        if (frontier.every((last) => last === LISTED_TO_END || compareKeys(key, last) <= 0)) count++;
      }
    };
    for (let child = node - 1; child >= (eldest[node] as number); child = (eldest[child] as number) - 1) {
      countFrom(end[child] as number);
      after = first[child] as number;
    }
    countFrom(first[node] as number);
    return count;
  }

  return {
    coverage,
    unchangedFound,
    unchangedOutsideChildren,
    changedListed,
    branchesListed,
    keyPrefix,
    frontier: (node) => listed.get(node) ?? partly.get(node) ?? nothing,
    isListed: (node) => listed.has(node),
    advance: (node, frontier) => {
      for (const each of twins?.get(keyPrefix(node)) ?? [node]) listed.set(each, frontier);
    },
    count: (objectPaths) => {
      objects++;
      for (const path of objectPaths) {
        let node = place(path);
        if (node >= 0 && lastCounted[node] !== objects) (unchangedOutsideChildren[node] as number)++;
        for (; node >= 0 && lastCounted[node] !== objects; node = parent[node] as number) {
          lastCounted[node] = objects;
          (unchangedFound[node] as number)++;
        }
      }
    },
    conclude: () => {
      concludeKnown();
      concludePassed();
    },
  };
}

function knownUpTo(frontier: Frontier): number {
  if (frontier.every((last) => last === NOT_STARTED)) return UNLISTED;
  return frontier.every((last) => last === LISTED_TO_END) ? FULLY_LISTED : PARTLY_LISTED;
}

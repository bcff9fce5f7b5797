import { placesIn } from '../tree/find-node';
import { prefixOf, type RadixTree } from '../tree/path-tree';
import { compareKeys } from './key-order';

/** How much of what lives under a node has been listed. */
export const UNKNOWN = 0;
export const PARTLY = 1;
export const WHOLLY = 2;

/** What is known of the bucket, per node of the tree. */
export interface Knowledge {
  /** UNKNOWN, PARTLY or WHOLLY. */
  readonly known: Uint8Array;
  /** Unchanged objects listed under the node. */
  readonly found: Float64Array;
  /** Those of them that are under none of its children. */
  readonly apart: Float64Array;
  /** Changed paths under the node that lie in what was listed. */
  readonly passed: Int32Array;
  /** Children and own paths of the node that a listing of the node itself has passed. */
  readonly passedWays: Int32Array;
}

/**
 * How far a node has been listed in each origin: the last key, without the origin path; NOTHING; or to the END. Every key of the
 * node up to there is known.
 */
export type Frontier = readonly (string | null)[];
export const NOTHING = '';
export const END = null;

/** Knowledge that grows with every page. */
export interface GrowingKnowledge extends Knowledge {
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
export function growingKnowledge(tree: RadixTree, keyOf: (path: string) => string, origins: number): GrowingKnowledge {
  const { nodes, paths, first, end, eldest, parent } = tree;
  const known = new Uint8Array(nodes);
  const found = new Float64Array(nodes);
  const apart = new Float64Array(nodes);
  const passed = new Int32Array(nodes);
  const passedWays = new Int32Array(nodes);
  const nothing: Frontier = new Array<string>(origins).fill(NOTHING);
  const listed = new Map<number, Frontier>();
  /** The frontiers of all nodes that are known in part. */
  const partly = new Map<number, Frontier>();
  const place = placesIn(tree);
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
      if (last === END || last.startsWith(prefix)) return last;
      return compareKeys(last, prefix) < 0 ? NOTHING : END;
    });
  }

  function concludeKnown(): void {
    partly.clear();
    passedWays.fill(0);
    for (let node = nodes - 1; node >= 0; node--) {
      const above = parent[node] as number;
      known[node] = above < 0 ? UNKNOWN : (known[above] as number);
      if (known[node] === WHOLLY) continue;
      const fromAbove = known[node] === PARTLY ? inherited(node, partly.get(above) as Frontier) : nothing;
      if (fromAbove.every((last) => last === END)) (passedWays[above] as number)++;
      const frontier = listed.get(node) ?? fromAbove;
      known[node] = knownUpTo(frontier);
      if (known[node] === PARTLY) partly.set(node, frontier);
    }
  }

  function concludePassed(): void {
    passed.fill(0);
    for (let node = 0; node < nodes; node++) {
      const frontier = partly.get(node);
      if (known[node] === WHOLLY) passed[node] = (end[node] as number) - (first[node] as number);
      else if (frontier) {
        const own = passedPaths(node, frontier);
        (passed[node] as number) += own;
        (passedWays[node] as number) += own;
      }
      const above = parent[node] as number;
      if (above >= 0) (passed[above] as number) += passed[node] as number;
    }
  }

  /** How many of the paths of a node that are under none of its children the listing has passed. */
  function passedPaths(node: number, frontier: Frontier): number {
    let count = 0;
    let after = end[node] as number;
    const countFrom = (from: number) => {
      for (let at = from; at < after; at++) {
        const key = keyOf(paths[at] as string);
        if (frontier.every((last) => last === END || compareKeys(key, last) <= 0)) count++;
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
    known,
    found,
    apart,
    passed,
    passedWays,
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
        if (node >= 0 && lastCounted[node] !== objects) (apart[node] as number)++;
        for (; node >= 0 && lastCounted[node] !== objects; node = parent[node] as number) {
          lastCounted[node] = objects;
          (found[node] as number)++;
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
  if (frontier.every((last) => last === NOTHING)) return UNKNOWN;
  return frontier.every((last) => last === END) ? WHOLLY : PARTLY;
}

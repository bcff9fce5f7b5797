import type { ChangedObject } from './plan';
import type { RadixTree } from './radix-tree';

/** Receives before a plan widens. A request that failed once or twice is so repeated with the same paths, free of charge. */
const PATIENT_RECEIVES = 3;

/** How many times dearer each further receive makes a path. */
const WIDENING = 4;

/** Further receives after which that grows no more: a path is then worth the discards of any bucket. */
const MOST_FURTHER = 16;

/**
 * How many unchanged objects may be discarded to save one path, per node: more, the longer its changes have waited.
 *
 * A node has waited as long as the majority of its paths. So a message that never succeeds does not widen the plan of the
 * healthy ones around it, while in a jam, where what comes back soon outnumbers what is new, the plan widens until it fits.
 */
export function patience(
  { paths, first, end }: RadixTree,
  changed: readonly ChangedObject[],
  refetchesPerPath: number,
): (node: number) => number {
  const further = furtherReceives(changed);
  if (further.size === 0) return () => refetchesPerPath;
  const levels = [...new Set(further.values())].sort((a, b) => b - a);
  /** Per level, how many of the paths before an index have waited for it. */
  const waitedBefore = levels.map((level) => {
    const before = new Int32Array(paths.length + 1);
    for (const [at, path] of paths.entries()) {
      before[at + 1] = (before[at] as number) + ((further.get(path) ?? 0) >= level ? 1 : 0);
    }
    return before;
  });
  return (node) => {
    const [from, to] = [first[node] as number, end[node] as number];
    const level = levels.find((_, at) => {
      const before = waitedBefore[at] as Int32Array;
      return 2 * ((before[to] as number) - (before[from] as number)) > to - from;
    });
    return refetchesPerPath * WIDENING ** (level ?? 0);
  };
}

/** How often the paths that have waited for too long were received beyond that. */
function furtherReceives(changed: readonly ChangedObject[]): Map<string, number> {
  const further = new Map<string, number>();
  for (const { paths, receiveCount = 1 } of changed) {
    const beyond = Math.min(receiveCount - PATIENT_RECEIVES, MOST_FURTHER);
    if (beyond <= 0) continue;
    for (const path of paths) further.set(path, Math.max(further.get(path) ?? 0, beyond));
  }
  return further;
}

import type { ChangedObject } from '../paths/changed-object';
import type { RadixTree } from '../tree/path-tree';

/** Receives before a plan widens. A request that failed once or twice is so repeated with the same paths, free of charge. */
const PATIENT_RECEIVES = 3;

/** How many times dearer each further receive makes a path. */
const WIDENING = 4;

/** Further receives after which that grows no more: a path is then worth the discards of any bucket. */
const MOST_FURTHER = 16;

/**
 * How many unchanged objects may be evicted to save one path, per node: more, the longer its changes have waited.
 *
 * A node has waited as long as the majority of its objects, and as two of them at least. So a message that never succeeds widens
 * neither the plan of the healthy ones around it nor its own, which a wider path would not help; while in a jam, where what
 * comes back soon outnumbers what is new, the plan widens until it fits.
 */
export function refetchAllowance(
  { paths, first, end }: RadixTree,
  changed: readonly ChangedObject[],
  refetchesPerPath: number,
): (node: number) => number {
  if (!changed.some(({ receiveCount = 1 }) => receiveCount > PATIENT_RECEIVES)) return () => refetchesPerPath;
  const further = furtherReceives(changed);
  const levels = [...new Set(further.values())].filter((level) => level > 0).sort((a, b) => b - a);
  /** Per level, how many of the objects before an index have waited for it; at the end, how many there are. */
  const before = [...levels, 0].map((level) => {
    const counts = new Int32Array(paths.length + 1);
    for (const [at, path] of paths.entries()) {
      const waited = further.get(path);
      counts[at + 1] = (counts[at] as number) + (waited !== undefined && waited >= level ? 1 : 0);
    }
    return counts;
  });
  return (node) => {
    const [from, to] = [first[node] as number, end[node] as number];
    const [...waited] = before.map((counts) => (counts[to] as number) - (counts[from] as number));
    const objects = waited.pop() as number;
    const level = levels.find((_, at) => (waited[at] as number) >= 2 && 2 * (waited[at] as number) > objects);
    return refetchesPerPath * WIDENING ** (level ?? 0);
  };
}

/** How often each object was received beyond what is patient, by the first of its paths, which stands for it. */
function furtherReceives(changed: readonly ChangedObject[]): Map<string, number> {
  const further = new Map<string, number>();
  for (const { paths, receiveCount = 1 } of changed) {
    const [path] = paths;
    const beyond = Math.max(0, Math.min(receiveCount - PATIENT_RECEIVES, MOST_FURTHER));
    if (path !== undefined) further.set(path, Math.max(further.get(path) ?? 0, beyond));
  }
  return further;
}

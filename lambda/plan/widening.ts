import type { ChangedObject } from '../paths/changed-object';
import type { PathNode, PathTree } from '../tree/path-tree';

/** Receives before a plan widens. A request that failed once or twice is so repeated with the same paths, free of charge. */
const RECEIVES_BEFORE_WIDENING = 3;

/** How many times dearer each further receive makes a path. */
const WIDENING = 4;

/** Further receives after which that grows no more: a path is then worth the eviction of any bucket. */
const MOST_FURTHER = 16;

/**
 * How many unchanged objects may be evicted to save one path, per node: the more often its messages were received, the more.
 *
 * A node counts as received as often as the majority of its objects, and two of them at least. So a message that never succeeds
 * widens neither the plan of the healthy ones around it nor its own, which a wider path would not help; while under pressure,
 * where what is retried soon outnumbers what is new, the plan widens until it passes.
 */
export function refetchAllowance(
  { paths }: PathTree,
  changed: readonly ChangedObject[],
  refetchesPerPath: number,
): (node: PathNode) => number {
  if (!changed.some(({ receiveCount = 1 }) => receiveCount > RECEIVES_BEFORE_WIDENING)) return () => refetchesPerPath;
  const further = furtherReceives(changed);
  return (node) => {
    const received = paths.slice(node.first, node.end).flatMap((path) => further.get(path) ?? []);
    const majority = Math.max(2, Math.floor(received.length / 2) + 1);
    return refetchesPerPath * WIDENING ** (received.sort((a, b) => b - a)[majority - 1] ?? 0);
  };
}

/** How often each object was received beyond that, by the first of its paths, which stands for it. */
function furtherReceives(changed: readonly ChangedObject[]): Map<string, number> {
  const further = new Map<string, number>();
  for (const { paths, receiveCount = 1 } of changed) {
    const [path] = paths;
    const beyond = Math.max(0, Math.min(receiveCount - RECEIVES_BEFORE_WIDENING, MOST_FURTHER));
    if (path !== undefined) further.set(path, Math.max(further.get(path) ?? 0, beyond));
  }
  return further;
}

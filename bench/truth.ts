import { lowerBound, prefixEnd } from '../cli/plan/bucket-in-memory';
import { cheapestCover } from '../lambda/plan/cheapest-cover';
import { pathTree, prefixOf } from '../lambda/tree/path-tree';
import type { Deploy } from './deploys';

/** How many objects that a deploy did not change have a viewer path that begins with a prefix. */
export type Unchanged = (prefix: string) => number;

/** The truth about a deploy, from its whole bucket. */
export function unchangedIn({ changed, bucket }: Deploy): Unchanged {
  const changedBefore = new Int32Array(bucket.length + 1);
  for (const key of changed) {
    const at = lowerBound(bucket, key);
    if (bucket[at] === key) changedBefore[at + 1] = 1;
  }
  for (let at = 0; at < bucket.length; at++) (changedBefore[at + 1] as number) += changedBefore[at] as number;
  return (prefix) => {
    const plus = prefix.indexOf('+');
    const certain = decodeURIComponent((plus < 0 ? prefix : prefix.slice(0, plus)).slice(1));
    const from = lowerBound(bucket, certain);
    const to = prefixEnd(bucket, certain, from);
    if (plus < 0) return to - from - ((changedBefore[to] as number) - (changedBefore[from] as number));
    // A raw plus asks for a plus, or for the space that S3 takes it for.
    const readings = [prefix, prefix.replaceAll('+', ' ')].map((each) => decodeURIComponent(each.slice(1)));
    let count = 0;
    for (let at = from; at < to; at++) {
      const isUnchanged = changedBefore[at] === changedBefore[at + 1];
      if (isUnchanged && readings.some((reading) => (bucket[at] as string).startsWith(reading))) count++;
    }
    return count;
  };
}

/** The cheapest plan there is, knowing the whole bucket. */
export function optimalPaths(
  paths: readonly string[],
  unchanged: Unchanged,
  refetchesPerPath: number,
): readonly string[] {
  const tree = pathTree(paths);
  return cheapestCover(tree, (node) => 1 + unchanged(prefixOf(tree, node)) / refetchesPerPath, 15).paths;
}

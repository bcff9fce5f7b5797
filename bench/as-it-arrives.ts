import { compareKeys } from '../lambda/bucket/key-order';
import { viewerPaths } from '../lambda/paths/viewer-path';
import type { Design } from '../local/simulation/design';
import { invalidatorWith } from '../local/simulation/invalidator';
import { seeded } from '../local/simulation/random';
import type { Deploy } from './deploys';
import { newField, type Site } from './planner';
import { replay } from './replay';
import { everything } from './rules';
import { addBatch, addRequest, newScore, REFETCHES_PER_PATH, type Score } from './score';
import { optimalPaths, unchangedIn } from './truth';

export interface ArrivalOptions {
  /** How many gather a batch each; two batches are handled at a time. */
  readonly pollers: number;
  /** Without listing the bucket. */
  readonly blind: boolean;
}

/**
 * The same deploys, but each as its messages arrive: in batches, in two execution environments. Who knows nothing of the other
 * batches, as the rules of the field, pays at least the optimum of each batch.
 */
export async function compareArrivals(
  sites: readonly Site[],
  { pollers, blind }: ArrivalOptions,
): Promise<{ scores: Score[]; optimum: Score }> {
  const optimum = newScore('optimum, each deploy at once', 'the cheapest paths that cover a deploy');
  const least = newScore('optimum, each batch for itself', 'the cheapest paths that cover a batch');
  const field = newField('batch');
  const once = newScore('one `/*` per deploy', 'everything is evicted when the upload is complete');
  const invalidator = invalidatorWith({ pollers, inspectBucket: !blind });
  const ours = [
    {
      score: newScore('this invalidator, ledger off', 'each batch is planned by what is listed of the bucket'),
      ledger: false,
    },
    { score: newScore('this invalidator', 'what an earlier batch has covered takes no path'), ledger: true },
  ];
  for (const { name, deploys } of sites) {
    for await (const deploy of deploys) {
      const unchanged = unchangedIn(deploy);
      const uploads = uploadOrder(deploy);
      const paths = pathsOf(uploads);
      addRequest(optimum, name, optimalPaths(paths, unchanged, REFETCHES_PER_PATH), unchanged);
      addBatch(optimum, 0);
      addRequest(once, name, everything(paths), unchanged);
      addBatch(once, 0);
      // Every design meets the same chance.
      const seed = ++optimum.deploys;
      const { batches } = await replay(deploy, uploads, acceptingAll(invalidator), {
        ledger: false,
        random: seeded(seed),
      });
      for (const { keys } of batches) {
        const arrived = pathsOf(keys);
        addRequest(least, name, optimalPaths(arrived, unchanged, REFETCHES_PER_PATH), unchanged);
        for (const { rule, score } of field) addRequest(score, name, rule(arrived), unchanged);
        for (const score of [least, ...field.map(({ score }) => score)]) addBatch(score, 0);
      }
      for (const { score, ledger } of ours) {
        const { invalidations, batches, uncovered } = await replay(deploy, uploads, invalidator, {
          ledger,
          random: seeded(seed),
        });
        for (const invalidated of invalidations) addRequest(score, name, invalidated, unchanged);
        for (const { listedPages } of batches) addBatch(score, listedPages);
        score.uncovered += uncovered;
      }
    }
  }
  const scores = [...field.map(({ score }) => score), once, least, ...ours.map(({ score }) => score), optimum];
  return { scores, optimum };
}

/** Only gathers the batches. */
function acceptingAll(design: Design): Design {
  return { ...design, makeFunction: () => async () => [] };
}

function pathsOf(keys: readonly string[]): string[] {
  return keys.flatMap((key) => viewerPaths(key, '', ''));
}

/** As `aws s3 sync` does it: uploads in the order of the keys, then deletions. */
function uploadOrder({ changed, bucket }: Deploy): string[] {
  const kept = new Set(bucket);
  const [uploads, deletions] = [changed.filter((key) => kept.has(key)), changed.filter((key) => !kept.has(key))];
  return [...uploads.sort(compareKeys), ...deletions.sort(compareKeys)];
}

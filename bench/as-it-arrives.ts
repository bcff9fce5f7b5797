import { compareKeys } from '../lambda/bucket/key-order';
import { makeRecentInvalidations } from '../lambda/dispatch/recent-invalidations';
import { makeStrain, planOptions } from '../lambda/dispatch/strain';
import { planWithInventory } from '../lambda/plan/plan';
import { type Arrivals, type ArrivingBatch, arrivingBatches } from './arrivals';
import type { Deploy } from './deploys';
import { censusOf, changedObject, newField, type Site } from './planner';
import { seeded } from '../local/simulation/random';
import { addDeploy, addRequest, countUncovered, newScore, REFETCHES_PER_PATH, type Score } from './score';
import { optimalPaths, type Unchanged, unchangedIn } from './truth';

/** How the template's queue delivers: 50 changes a second, gathered for 20 s, and 6 MB are about 2,500 messages. */
const ARRIVALS: Arrivals = { rate: 50, window: 20, batchSize: 2500 };

/** How long CloudFront takes to answer, in s. */
const ANSWER = 1;

/**
 * The same deploys, but each in the batches that the queue makes of it. Whoever remembers nothing from batch to batch, as do the
 * rules of the field, or two environments that handle two batches at a time, pays at least the optimum of each batch.
 */
export async function compareArrivals(
  sites: readonly Site[],
  blind: boolean,
): Promise<{ scores: Score[]; optimum: Score }> {
  const optimum = newScore('optimum, each deploy at once');
  const least = newScore('optimum, each batch for itself');
  const field = newField();
  const alone = newScore('as it arrives, each batch for itself');
  const warm = newScore('as it arrives, one warm function');
  const apart = newScore('as it arrives, two environments');
  const random = seeded(1);
  for (const { name, deploys } of sites) {
    for await (const deploy of deploys) {
      const unchanged = unchangedIn(deploy);
      const paths = deploy.changed.flatMap((key) => changedObject(key).paths);
      addRequest(optimum, name, optimalPaths(paths, unchanged, REFETCHES_PER_PATH), unchanged);
      addDeploy(optimum, 0);
      const batches = arrivingBatches(uploadOrder(deploy), ARRIVALS, random);
      for (const { changes } of batches) {
        const arrived = changes.flatMap(({ key }) => changedObject(key).paths);
        addRequest(least, name, optimalPaths(arrived, unchanged, REFETCHES_PER_PATH), unchanged);
        for (const { rule, score } of field) addRequest(score, name, rule(arrived), unchanged);
      }
      for (const score of [least, ...field.map(({ score }) => score)]) addDeploy(score, 0);
      for (const [score, environments] of [
        [alone, 0],
        [apart, 2],
        [warm, 1],
      ] as const) {
        await replay(score, name, deploy, batches, unchanged, { environments, blind });
      }
    }
  }
  return { scores: [...field.map(({ score }) => score), alone, apart, least, warm, optimum], optimum };
}

async function replay(
  score: Score,
  site: string,
  deploy: Deploy,
  batches: readonly ArrivingBatch[],
  unchanged: Unchanged,
  { environments, blind }: { readonly environments: number; readonly blind: boolean },
): Promise<void> {
  const warm = Array.from({ length: environments }, coldEnvironment);
  const changeTimes = new Map(batches.flatMap(({ changes }) => changes.map(({ key, time }) => [key, time * 1000])));
  let listPages = 0;
  for (const { time, changes } of batches) {
    const now = time * 1000;
    // Lambda asks another environment while one is busy. What a single one is busy with is thought of as over.
    const environment = warm.find(({ free }) => free <= now) ?? warm[0] ?? coldEnvironment();
    const { memory, strain } = environment;
    const lastModified = (key: string) => {
      const changeTime = changeTimes.get(key);
      return changeTime !== undefined && changeTime <= now ? changeTime : BEFORE;
    };
    const open = changes
      .map(({ key, time }) => ({ ...changedObject(key), time: time * 1000 }))
      .filter((change) => !change.paths.every((path) => memory.covering('', path, change.time)));
    if (open.length === 0) continue;
    const census = blind ? undefined : censusOf(deploy.bucket, lastModified);
    const leastSaving = strain.leastSaving('', now);
    const plan = await planWithInventory(open, { ...planOptions(REFETCHES_PER_PATH, undefined, leastSaving), census });
    addRequest(score, site, plan.paths, unchanged);
    countUncovered(
      score,
      open.flatMap(({ paths }) => paths),
      plan.paths,
    );
    environment.free = now + ANSWER * 1000;
    strain.accepted('', plan.paths, now + ANSWER * 1000);
    memory.remember('', plan.paths, { invalidationId: '', createTime: now + ANSWER * 1000 });
    listPages += plan.listedPages;
  }
  addDeploy(score, listPages);
}

/** An execution environment that remembers nothing, and is free since long ago, in ms. */
function coldEnvironment() {
  return { memory: makeRecentInvalidations(), strain: makeStrain(), free: 0 };
}

/** When the objects changed that the deploy left alone: long ago, in ms. */
const BEFORE = -1e9;

/** As `aws s3 sync` does it: uploads in the order of the keys, then deletions. */
function uploadOrder({ changed, bucket }: Deploy): string[] {
  const kept = new Set(bucket);
  const [uploads, deletions] = [changed.filter((key) => kept.has(key)), changed.filter((key) => !kept.has(key))];
  return [...uploads.sort(compareKeys), ...deletions.sort(compareKeys)];
}

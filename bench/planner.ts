import { listable } from '../cli/plan/bucket-in-memory';
import { planWithListing } from '../cli/plan/plan-with-listing';
import type { ListObjects } from '../lambda/bucket/list-objects';
import { LEAST_SAVING } from '../lambda/dispatch/pacing';
import type { ChangedObject } from '../lambda/paths/changed-object';
import { viewerPaths } from '../lambda/paths/viewer-path';
import type { Deploy } from './deploys';
import { budgetOf8, everything, exact, over100, type Rule, thresholds } from './rules';
import { addBatch, addRequest, countUncovered, newScore, REFETCHES_PER_PATH, type Score } from './score';
import { optimalPaths, unchangedIn } from './truth';

export interface Site {
  readonly name: string;
  readonly deploys: AsyncIterable<Deploy>;
}

/** What an invalidation is planned for. */
export type Unit = 'deploy' | 'batch';

const FIELD = (unit: Unit): readonly (readonly [name: string, meaning: string, rule: Rule])[] => [
  ['one path per object', 'each changed object is a path', exact],
  [`one \`/*\` per ${unit}`, 'everything is evicted, changed or not', everything],
  ['over 100, `/*`', 'one path per object up to 100 paths, then `/*`', over100],
  ['thresholds 3 and 10', 'a wildcard for 3 objects of a folder, or 10 of its folders', thresholds],
  ['a budget of 8', 'wildcards for folders further up, until 8 paths are left', budgetOf8],
];

/** The rules of the field, and nothing scored yet. */
export function newField(unit: Unit): { readonly rule: Rule; readonly score: Score }[] {
  return FIELD(unit).map(([name, meaning, rule]) => ({ rule, score: newScore(name, meaning) }));
}

const BUCKET = 'site';

/** What the function plans with where CloudFront is not busy. */
const PLANNING = {
  limits: { refetchesPerPath: REFETCHES_PER_PATH, leastSaving: LEAST_SAVING },
  origins: [{ bucket: BUCKET, path: '' }],
};

/** What a change of a deploy means to the planner; index documents off. */
export function changedObject(key: string): ChangedObject & { readonly time?: number } {
  return { bucket: BUCKET, key, paths: viewerPaths(key, '', '') };
}

/** Every rule on every deploy of every site, each deploy as one batch. */
export async function comparePlanners(sites: readonly Site[]): Promise<{ scores: Score[]; optimum: Score }> {
  const optimum = newScore('optimum, knowing the whole bucket', 'the cheapest paths that cover every change');
  const ours = newScore('this planner', 'the cheapest paths, by what it lists of the bucket');
  const blind = newScore('this planner, not listing', 'the cheapest paths, by an estimate of the bucket');
  const field = newField('deploy');
  for (const { name, deploys } of sites) {
    for await (const deploy of deploys) {
      const changed = deploy.changed.map(changedObject);
      const paths = changed.flatMap((object) => object.paths);
      const unchanged = unchangedIn(deploy);
      const add = (score: Score, plan: readonly string[], listPages: number) => {
        addRequest(score, name, plan, unchanged);
        addBatch(score, listPages);
        score.deploys++;
        countUncovered(score, paths, plan);
      };
      add(optimum, optimalPaths(paths, unchanged, REFETCHES_PER_PATH), 0);
      for (const { rule, score } of field) add(score, rule(paths), 0);
      add(blind, (await planWithListing(changed, PLANNING)).paths, 0);
      const page = listable(deploy.bucket);
      const list: ListObjects = async ({ prefix, startAfter, maxKeys }) => page(prefix, startAfter, maxKeys);
      const plan = await planWithListing(changed, { ...PLANNING, list });
      add(ours, plan.paths, plan.listedPages);
    }
  }
  return { scores: [...field.map(({ score }) => score), blind, ours, optimum], optimum };
}

import { planOptions } from '../../lambda/dispatch/strain';
import type { ChangedObject } from '../../lambda/paths/changed-object';
import { viewerPaths } from '../../lambda/paths/viewer-path';
import type { PlanOptions } from '../../lambda/plan/cheapest-plan';
import type { InventoryOptions } from '../../lambda/plan/inventory';
import { type InformedPlan, planWithInventory } from '../../lambda/plan/plan';
import { listable } from './bucket';

const BUCKET = 'site';

/** What a changed key means to the planner; index documents off. */
export function changedObject(key: string): ChangedObject {
  return { bucket: BUCKET, key, paths: viewerPaths(key, '', '') };
}

/** What the function lists a bucket in memory with. */
export function inventoryOptionsOf(
  bucket: readonly string[],
  lastModified?: (key: string) => number | undefined,
  path = '',
): Omit<InventoryOptions, 'refetchesPerPath'> {
  const list = listable(bucket, lastModified);
  return {
    origins: [{ bucket: BUCKET, path }],
    list: async ({ prefix, startAfter, maxKeys }) => list(prefix, startAfter, maxKeys),
  };
}

export interface PlanningOptions extends Pick<PlanOptions, 'maxWildcards' | 'maxPaths'> {
  readonly refetchesPerPath: number;
  /** All keys of the bucket after the change, in S3's order. @default - the plan is made blind */
  readonly bucket?: readonly string[] | undefined;
  /** The origin path. @default - none */
  readonly path?: string;
}

/** What the function would plan for a first batch while CloudFront is not busy. The bench's only way into the planner. */
export async function planFirst(
  changed: readonly ChangedObject[],
  { refetchesPerPath, bucket, path = '', ...limits }: PlanningOptions,
): Promise<InformedPlan> {
  const inventory = bucket && inventoryOptionsOf(bucket, undefined, path);
  return planWithInventory(changed, {
    ...planOptions(refetchesPerPath),
    ...limits,
    ...(inventory && { census: inventory }),
  });
}

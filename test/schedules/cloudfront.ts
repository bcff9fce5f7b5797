import { invalidates, isWildcard } from '../../local/cloudfront/path-rules';
import type { Scenario, SmallQuota } from './scenario';
import type { SdkErrorName } from './sdk-error';
import { type CloudFront, type Invalidation, type State, timeOf } from './state';

/** A call of CreateInvalidation. */
export interface CloudFrontCall {
  readonly kind: 'create';
  readonly distribution: string;
  readonly reference: string;
  readonly paths: readonly string[];
}

/** What CloudFront makes of a call. */
export type Creation =
  | { readonly kind: 'created'; readonly invalidation: Invalidation; readonly cloudFront: CloudFront }
  | { readonly kind: 'repeated'; readonly createTime: number }
  | { readonly kind: 'refused'; readonly error: SdkErrorName };

/** CloudFront when nothing goes wrong, by its rules for paths, caller references and quotas. */
export function create(state: State, scenario: Scenario, call: CloudFrontCall, batch: readonly string[]): Creation {
  const { cloudFront } = state;
  const { distribution, reference, paths } = call;
  if (isRefused(scenario, paths)) return { kind: 'refused', error: 'InvalidPath' };
  if (cloudFront.foreign.includes(distribution + reference)) return { kind: 'refused', error: 'UsedReference' };
  const earlier = cloudFront.invalidations.find(
    (each) => each.distribution === distribution && each.reference === reference,
  );
  if (earlier) {
    const same = JSON.stringify([...earlier.paths].sort()) === JSON.stringify([...paths].sort());
    if (same) return { kind: 'repeated', createTime: earlier.createTime };
    return { kind: 'refused', error: 'UsedReference' };
  }
  const held = take(scenario.quota, cloudFront.held[distribution], paths);
  if (!held) return { kind: 'refused', error: 'TooManyInvalidationsInProgress' };
  const createTime = timeOf(state);
  const name = `${distribution} ${reference} ${createTime} ${batch}`;
  const invalidation = { distribution, reference, paths, name, createTime, batch };
  return {
    kind: 'created',
    invalidation,
    cloudFront: {
      ...cloudFront,
      invalidations: [...cloudFront.invalidations, invalidation].sort((a, b) => (a.name < b.name ? -1 : 1)),
      held: scenario.quota ? { ...cloudFront.held, [distribution]: held } : cloudFront.held,
      cached: { ...cloudFront.cached, ...dropped(state, scenario, call) },
    },
  };
}

/** The quota of a distribution is free again. */
export function freed(state: State, distribution: string): State {
  const { [distribution]: _, ...held } = state.cloudFront.held;
  return { ...state, cloudFront: { ...state.cloudFront, held } };
}

/** The name in a distribution's caches of an object, by its index, under a viewer path. */
export function cacheName(distribution: string, index: number, viewerPath: string): string {
  return `${distribution} ${index} ${viewerPath}`;
}

/** Whether an invalidation path, or a tag, drops what is cached under a viewer path, or with a tag. */
export function drops(path: string, viewerPath: string): boolean {
  return path === viewerPath || invalidates(path, viewerPath);
}

/** Caches that are dropped fetch at once what the bucket holds now, so the next change makes them stale again. */
function dropped(
  { changes }: State,
  { objects }: Scenario,
  { distribution, paths }: CloudFrontCall,
): Record<string, number> {
  const cached: Record<string, number> = {};
  for (const [index, { viewerPaths }] of objects.entries()) {
    for (const viewerPath of viewerPaths) {
      if (!paths.some((path) => drops(path, viewerPath))) continue;
      cached[cacheName(distribution, index, viewerPath)] = changes.lastIndexOf(index) + 1;
    }
  }
  return cached;
}

function isRefused({ objects }: Scenario, paths: readonly string[]): boolean {
  return objects.some(({ refused, viewerPaths }) => refused && viewerPaths.some((path) => paths.includes(path)));
}

/** What is held with these paths; undefined: that is too much. */
function take(quota: SmallQuota | undefined, held = { paths: 0, wildcards: 0 }, paths: readonly string[]) {
  const wildcards = held.wildcards + paths.filter(isWildcard).length;
  const exact = held.paths + paths.filter((path) => !isWildcard(path)).length;
  if (quota && (wildcards > quota.wildcards || exact > quota.paths)) return undefined;
  return { paths: exact, wildcards };
}

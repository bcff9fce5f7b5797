import { cacheName } from './cloudfront';
import type { Progress } from './invocation';
import type { LedgerCall } from './ledger-table';
import type { Scenario, SiteObject } from './scenario';
import type { Environment, Invalidation, LedgerItem, State } from './state';

/** 1. A change is acknowledged only when no cache of any distribution can hold anything older. */
export function staleThoughAcknowledged(state: State, { objects, distributions }: Scenario): string | undefined {
  for (const change of state.acknowledged) {
    const index = state.changes[change - 1] as number;
    const { key, viewerPaths } = objects[index] as SiteObject;
    for (const distribution of distributions) {
      const stale = viewerPaths.find(
        (path) => (state.cloudFront.cached[cacheName(distribution, index, path)] ?? 0) < change,
      );
      if (stale)
        return `change ${change} of ${key} is acknowledged, but ${distribution} may still serve what ${stale} was before`;
    }
  }
  return undefined;
}

/** 2. A change is acknowledged, or a message that tells of it is waiting, in work, or a dead letter. */
export function lost(state: State): string | undefined {
  const inWork = state.environments.flatMap(({ invocation }) => invocation?.batch ?? []);
  const known = new Set([...state.queue, ...state.deadLetters, ...inWork].map(({ change }) => change));
  const missing = state.changes.findIndex(
    (_, index) => !known.has(index + 1) && !state.acknowledged.includes(index + 1),
  );
  return missing < 0 ? undefined : `nothing knows of change ${missing + 1} any more`;
}

/**
 * 3. When nothing is wrong but a path that CloudFront refuses, only the messages of that object are returned. DynamoDB may do what
 * it likes.
 */
export function harmed(
  state: State,
  { objects }: Scenario,
  { invocation }: Environment,
  { returned }: Progress,
): string | undefined {
  if (!invocation || invocation.disturbed || !returned) return undefined;
  const victim = invocation.batch.find(
    ({ id, change }) =>
      (returned === 'failed' || returned.includes(id)) && !objects[state.changes[change - 1] as number]?.refused,
  );
  return victim && `${victim.id} is returned, though nothing was wrong with it`;
}

/** 4. For the same messages and paths, CloudFront makes one invalidation. */
export function paidTwice({ cloudFront }: State, { distribution, paths, batch }: Invalidation): string | undefined {
  const request = JSON.stringify([distribution, paths, batch]);
  const earlier = cloudFront.invalidations.some(
    (each) => JSON.stringify([each.distribution, each.paths, each.batch]) === request,
  );
  return earlier
    ? `the same invalidation of ${paths.join(' ')} for ${batch.join(', ')} is made a second time`
    : undefined;
}

/** Of the lease: nobody releases it but its holder. What is broken here costs paths, never freshness. */
export function releasesAnother(
  requestId: string,
  { distribution, removes }: LedgerCall,
  before: LedgerItem,
  after: LedgerItem,
): string | undefined {
  const { holder } = before;
  if (before === after || !removes.includes('holder') || holder === undefined) return undefined;
  if (holder === requestId) return undefined;
  return `${requestId} releases the lease of ${holder} on ${distribution}`;
}

/** Of the ledger: what it knows is not forgotten while it is of use. */
export function overwritten({ ledger: before }: LedgerItem, { ledger: after }: LedgerItem): string | undefined {
  const isKept = ({ path, createTime }: { readonly path: string; readonly createTime: number }) =>
    after?.accepted.some((each) => each.path === path && each.createTime >= createTime);
  const lost = before?.accepted.find((each) => !isKept(each));
  return lost && `a newer ledger is overwritten: it knew of ${lost.path}`;
}

/** Of the lease: who has it does not wait for it. */
export function waitsForItself(
  requestId: string,
  { kind, distribution }: LedgerCall,
  { holder }: LedgerItem,
): string | undefined {
  if (kind !== 'read' || holder !== requestId) return undefined;
  return `${holder} waits for the lease on ${distribution} that it holds itself`;
}

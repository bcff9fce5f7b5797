import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { type Inventory, NO_INVENTORY } from '../bucket/inventory';
import type { ListObjects } from '../bucket/list-objects';
import { type ApiError, isTransient } from '../cloudfront/api-error';
import {
  type Accepted,
  createInvalidation,
  dryRun,
  type InvalidationRequest,
  type Outcome,
} from '../cloudfront/create-invalidation';
import type { Target } from '../contract/target';
import type { ServedChange } from '../event/batch';
import type { ServedDistribution } from '../paths/served-origins';
import { inspectBucket, MAX_LISTING_MS } from '../plan/inspect-bucket';
import { type Plan, plan } from '../plan/plan';
import type { Telemetry } from '../telemetry/telemetry';
import type { Clock, TimeLeft } from './clock';
import { afterTurn, withAccepted } from './ledger';
import { nextStep, type PendingRequest } from './next-step';
import { isWide, PACING, requiredDelay, timeToPace, wildcardTimes } from './pacing';
import {
  bisect,
  changesOf,
  demandOf,
  fitsRequest,
  groupPaths,
  openChangesOf,
  type PathGroup,
  pathsOf,
} from './path-group';
import { planContext } from './plan-context';
import { planLimits } from './plan-limits';
import { splitCovered, stillOpen } from './recent-invalidations';
import { isCircuitOpen, retryDelay } from './retry-delay';
import type { SingleWriter } from './single-writer';
import { batchLimit } from './spending-limit';

/** What is dispatched with, and how. */
export interface Dispatch {
  readonly configuration: DispatchConfiguration;
  readonly cloudFront: CloudFrontClient;
  readonly listObjects: ListObjects;
  readonly writer: SingleWriter;
  readonly clock: Clock;
}

export interface DispatchConfiguration {
  /** How many unchanged objects evicted from the caches cost as much as one path. */
  readonly refetchesPerPath: number;
  /** Whether the buckets may be listed. */
  readonly inspectBucket: boolean;
  /** Whether CloudFront is not called. @default false */
  readonly dryRun?: boolean;
  /** The most paths a day, of each distribution or tenant. @default - no limit */
  readonly maxPathsPerDay?: number;
}

/** The invocation in which it is done. */
export interface Invocation {
  readonly requestId: string;
  readonly time: TimeLeft;
  readonly telemetry: Telemetry;
  /** Hears of each invalidation that CloudFront accepted, and holds nothing up. @default - nobody does */
  readonly onAccepted?: OnAccepted | undefined;
}

/** @param now in ms since the epoch */
export type OnAccepted = (
  request: InvalidationRequest,
  outcome: Accepted,
  changes: readonly ServedChange[],
  now: number,
) => void;

/** Why messages failed, by message id. */
export type Failures = ReadonlyMap<string, ApiError>;

/** Kept of an invocation's time, in ms, for what follows the listing of the bucket. */
const TIME_TO_SEND = 2000;

/** Kept of an invocation's time, in ms, for what follows a wait before a plan: another turn, which somebody else may have first. */
const TIME_FOR_A_TURN = 5000;

/**
 * Has every change covered by accepted invalidations, in a turn of its own: what is not planned is planned, what is planned is sent,
 * and what CloudFront does not accept is divided, retried, planned again or given back, as long as there is time.
 *
 * @returns no entry for a message: everything that it needs was accepted
 */
export async function invalidateDistribution(
  target: Target,
  served: ServedDistribution,
  changes: readonly ServedChange[],
  { configuration, cloudFront, listObjects, writer, clock }: Dispatch,
  { requestId, time, telemetry, onAccepted }: Invocation,
): Promise<Failures> {
  const { refetchesPerPath, maxPathsPerDay } = configuration;
  const takeTurn = () => writer.takeTurn(target, requestId, time, telemetry);
  const failures = new Map<string, ApiError>();
  let turn = await takeTurn();
  let { ledger } = turn;
  let inventory: Inventory | undefined;
  let unplanned = changes;
  let requests: PendingRequest[] = [];
  /** What CloudFront's quota was full for since the last plan. */
  const full: { paths?: ApiError | undefined; wildcards?: ApiError | undefined } = {};
  let quota = { times: 0, onlyWildcards: false };
  /** Errors in a row, with nothing accepted in between. */
  let errors = 0;
  /** Whether CloudFront refused a path. What takes its place may cover others. */
  let isRefusing = false;
  try {
    await untilDone();
  } finally {
    await turn.end(afterTurn(ledger, turn.ledger, [...failures.values()].some(isTransient)));
  }
  return failures;

  async function untilDone(): Promise<void> {
    while (requests.length > 0 || unplanned.length > 0) {
      const request = requests.shift();
      if (!request) {
        const error = full.paths ?? full.wildcards;
        if (error) {
          quota = { times: quota.times + 1, onlyWildcards: full.paths === undefined };
          if (!(await waitToRetry(error))) return fail(unplanned, error);
        }
        full.paths = full.wildcards = undefined;
        requests = await planned();
        unplanned = [];
        continue;
      }
      const { groups, pause } = request;
      if (!fitsRequest(groups)) {
        requests.unshift(...bisect(groups).map((half) => ({ groups: half, pause: 0 })));
        continue;
      }
      const demand = demandOf(groups);
      if ((demand.paths > 0 && full.paths) || (demand.wildcards > 0 && full.wildcards)) {
        unplanned = [...unplanned, ...openChangesOf(groups)];
        continue;
      }
      if (pause > 0) await time.pause(pause);
      const outcome = await send(groups);
      const step = nextStep(groups, outcome);
      isRefusing ||= outcome.kind === 'invalid';
      if (outcome.kind === 'accepted') {
        errors = 0;
        if (isRefusing) requests = requests.flatMap(notCoveredOf);
      } else if (step.kind === 'divide')
        requests.splice(step.when === 'last' ? requests.length : 0, 0, ...step.requests);
      else if (step.kind === 'reject') fail(changesOf(groups), outcome);
      else if (step.kind === 'plan again') {
        full[demand.wildcards > 0 ? 'wildcards' : 'paths'] = outcome;
        unplanned = [...unplanned, ...openChangesOf(groups)];
      } else if (await waitToRetry(outcome)) requests.unshift({ groups, pause: 0 });
      else return fail([...changesOf([request, ...requests].flatMap((each) => each.groups)), ...unplanned], outcome);
    }
  }

  /** A request for what is not covered already. A plan that has to wait gives the turn to others meanwhile. */
  async function planned(): Promise<PendingRequest[]> {
    let open = notCovered(unplanned);
    let canWait = true;
    while (open.length > 0) {
      const changes = open;
      const couldWait: boolean = canWait;
      inventory ??= await inspected(changes);
      const chosen = planFor(changes, couldWait);
      for (let delay = delayOf(chosen); canWait && delay > 0 && open.length > 0; delay = delayOf(chosen)) {
        const longest = Math.min(time.left() - TIME_FOR_A_TURN, timeToPace(changes, clock.now()));
        canWait = delay <= longest;
        if (longest <= 0) break;
        await turn.end(ledger);
        await wait(Math.min(delay, longest), 'Paced');
        turn = await takeTurn();
        ledger = turn.ledger;
        open = notCovered(open);
      }
      // A wide wildcard covers what others wait for as well. Anything else is planned for what is left.
      if (!isWide(chosen) && (open.length < changes.length || canWait !== couldWait)) continue;
      if (open.length === 0) break;
      if (budgetLeft() === 0 && quota.times === 0) telemetry.budgetExhausted(target, maxPathsPerDay ?? 0);
      telemetry.planned(target, chosen, inventory);
      const groups = groupPaths(changes, chosen.paths);
      return [{ groups: open === changes ? groups : stillOpen(groups, ledger.invalidations), pause: 0 }];
    }
    return [];
  }

  /** A plan that is wide takes a single wildcard; one that is early and cannot wait, unless that costs twice as much. */
  function planFor(changes: readonly ServedChange[], canWait: boolean): Plan {
    const exactPaths = new Set(changes.flatMap(({ paths }) => paths)).size;
    const left = budgetLeft();
    // Where a budget calls for wildcards again and again, one covers what all others wait for.
    const isChurn = (left ?? exactPaths) < exactPaths && wildcardTimes(ledger, clock.now()).length > 0;
    const limits = planLimits(refetchesPerPath, quota, isChurn ? 0 : left, exactPaths);
    const context = planContext(served, ledger);
    const chosen = plan(changes, limits, inventory, context);
    if (!isWide(chosen) && (canWait || delayOf(chosen) === 0)) return chosen;
    const single = plan(changes, { ...limits, maxWildcards: 1 }, inventory, context);
    return isWide(chosen) || single.price < PACING.singleWildcard * chosen.price ? single : chosen;
  }

  function notCoveredOf({ groups, pause }: PendingRequest): PendingRequest[] {
    const open = stillOpen(groups, ledger.invalidations);
    return open.length > 0 ? [{ groups: open, pause }] : [];
  }

  function notCovered(changes: readonly ServedChange[]): readonly ServedChange[] {
    const { open, covered } = splitCovered(ledger.invalidations, changes);
    telemetry.covered(target, covered);
    return open;
  }

  function delayOf(chosen: Plan): number {
    return isCircuitOpen(turn.ledger) ? 0 : requiredDelay(chosen, ledger, clock.now());
  }

  /** What `maxPathsPerDay` leaves to the batch. */
  function budgetLeft(): number | undefined {
    return maxPathsPerDay && batchLimit(maxPathsPerDay, ledger, turn.holdsLease, clock.now());
  }

  async function inspected(changes: readonly ServedChange[]): Promise<Inventory> {
    const longest = Math.min(MAX_LISTING_MS, time.left() - TIME_TO_SEND);
    const isPlanned = changes.some(({ paths, verbatim = [] }) => paths.length > verbatim.length);
    if (!configuration.inspectBucket || !isPlanned || longest <= 0) return NO_INVENTORY;
    const { origins } = served;
    const limits = planLimits(refetchesPerPath, quota, undefined, 0);
    const signal = clock.deadline(longest);
    const context = planContext(served, ledger);
    const listed = await inspectBucket(changes, { origins, list: listObjects, limits, context, signal });
    telemetry.listed(listed);
    return listed;
  }

  async function send(groups: readonly PathGroup[]): Promise<Outcome> {
    const messageIds = [...new Set(changesOf(groups).map(({ messageId }) => messageId))];
    const request: InvalidationRequest = { ...target, paths: pathsOf(groups), messageIds };
    const outcome = configuration.dryRun
      ? dryRun(request, clock.now())
      : await createInvalidation(cloudFront, request, time.over);
    if (outcome.kind !== 'accepted') telemetry.apiError(request, outcome);
    else {
      const accepted = [request, outcome, changesOf(groups), clock.now()] as const;
      telemetry.accepted(...accepted);
      onAccepted?.(...accepted);
      const { invalidationId: id, createTime } = outcome;
      ledger = withAccepted(ledger, { id, createTime, paths: request.paths }, clock.now());
    }
    return outcome;
  }

  /** Whether an error was waited for. If not, it is not to be retried in this invocation. */
  async function waitToRetry(error: ApiError): Promise<boolean> {
    errors++;
    const delay = retryDelay(error, errors, isCircuitOpen(turn.ledger));
    if (delay === undefined || delay > time.left()) return false;
    await wait(delay, error.name);
    return true;
  }

  async function wait(ms: number, why: string): Promise<void> {
    if (ms <= 0) return;
    telemetry.waiting(target, ms, why);
    await time.pause(ms);
  }

  function fail(changes: readonly ServedChange[], error: ApiError): void {
    for (const { messageId } of changes) failures.set(messageId, error);
  }
}

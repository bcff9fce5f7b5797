import { isQuotaFull, isTransient } from '../cloudfront/api-error';
import { createInvalidation } from '../cloudfront/create-invalidation';
import { dryRun } from '../cloudfront/dry-run';
import type { Dependencies } from '../dependencies';
import type { ServedChange } from '../event/batch';
import type { PlanOptions } from '../plan/cheapest-plan';
import { MAX_LISTING_MS } from '../plan/inventory';
import type { Telemetry } from '../telemetry/telemetry';
import type { TimeLeft } from './clock';
import type { Invalidating, Postponement } from './invalidate';
import { backOff } from './retry-delay';
import { isWide, planOptions, wideOptions } from './strain';

/** Kept of an invocation's time for asking CloudFront, in ms, where a plan could wait, or the bucket be listed, longer. */
const TIME_TO_ASK = 2000;

/** Why a wide plan waits, or comes back. */
const TOO_EARLY = 'WideTooEarly';

/** Invalidates one distribution in the time that an invocation has: what comes of it is reported, and remembered. */
export function invalidating(
  distribution: string,
  means: Dependencies,
  report: Telemetry,
  time: TimeLeft,
): Invalidating {
  const { configuration, cloudFront, memory, strain, clock } = means;
  /** Once it has failed, it is not tried again in this invocation: it may take its time to fail. */
  let censusFails = false;
  /** How long planning took, in ms. */
  let planning = 0;

  async function waitFor(ms: number, why: string): Promise<void> {
    if (ms <= 0) return;
    report.waiting(distribution, ms, why);
    await time.pause(ms);
  }

  async function planned(changes: readonly ServedChange[], options: PlanOptions) {
    const longest = censusFails ? 0 : Math.min(MAX_LISTING_MS, time.left() - TIME_TO_ASK);
    const plan = await means.plan(distribution, changes, options, Math.max(0, longest));
    report.planned(distribution, plan);
    censusFails ||= plan.listingFailure !== undefined;
    return plan;
  }

  return {
    async create(request, changes) {
      const outcome = configuration.dryRun
        ? dryRun(request, clock.now())
        : await createInvalidation(cloudFront, request, time.over);
      if (outcome.kind !== 'accepted') {
        report.refused(request, outcome);
        if (isQuotaFull(outcome)) strain.quotaFull(distribution, request.paths, clock.now());
      } else {
        report.accepted(request, outcome, changes, clock.now());
        memory.remember(distribution, request.paths, outcome);
        strain.accepted(distribution, request.paths, clock.now());
      }
      return outcome;
    },

    /**
     * A wide plan takes few wildcards. One that would come too early takes a single one, as it does where the census fails, and
     * waits as long as the time allows. Where wildcards are scarce it takes one in any case, and when its messages are new and
     * the time is not enough, they come back. The second time they are asked for, whatever else was meanwhile. A wildcard that
     * recurs waits as well, but never comes back.
     */
    async plan(changes, full) {
      const started = clock.now();
      const isScarce = strain.isScarce(distribution, started);
      const leastSaving = strain.leastSaving(distribution, started);
      const options = planOptions(configuration.refetchesPerPath, full, leastSaving);
      let plan = await planned(changes, options);
      const early = strain.tooEarlyBy(distribution, plan, changes.length, clock.now());
      if (plan.wildcards > 1 && isWide(plan)) {
        const takesOne = early > 0 || isScarce || (plan.guessed && censusFails);
        if (takesOne || !plan.guessed) plan = await planned(changes, wideOptions(options, takesOne));
      }
      planning = clock.now() - started;
      const longest = Math.max(0, time.left() - TIME_TO_ASK);
      const isNew = changes.every(({ receiveCount }) => receiveCount === 1);
      if (early > longest && isScarce && isNew && isWide(plan)) return tooEarly(early);
      await waitFor(Math.min(early, longest), TOO_EARLY);
      strain.asks(distribution, plan);
      return plan.paths;
    },

    pause: time.pause,
    isOutOfOrder: () => strain.isOutOfOrder(distribution),

    async wait(refusal, tries) {
      const ms = backOff(refusal, tries, strain.isOutOfOrder(distribution));
      if (ms === undefined || ms + planning > time.left()) {
        if (isTransient(refusal)) strain.refused(distribution, isQuotaFull(refusal), clock.now());
        return false;
      }
      await waitFor(ms, refusal.name);
      return true;
    },
  };
}

function tooEarly(ms: number): Postponement {
  return {
    kind: 'postponed',
    name: TOO_EARLY,
    message: `CloudFront is short of wildcards, and another wide one not due before ${Math.ceil(ms / 1000)} s`,
  };
}

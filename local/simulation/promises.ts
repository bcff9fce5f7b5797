import type { Regime } from './regimes';
import type { Scenario } from './scenario';
import type { Outcome } from './simulate';

/** After an outage, everything is fresh so many s later. */
const AFTER_OUTAGE = 300;

/**
 * What should have been otherwise.
 *
 * @param ledger whether the environments share one; without, only what is lost, dead or left over counts
 */
export function brokenPromises(
  { outage = 0, maxPathsPerDay }: Scenario,
  regime: Regime,
  outcome: Outcome,
  ledger = true,
): string[] {
  const { lost, deadLettered, backlog, stale, staleness, changes, paths, batches } = outcome;
  const limit = outage > 0 ? outage + AFTER_OUTAGE : regime.staleness;
  // A budget is for sites of today, whose invalidations do not last for minutes.
  const isFreshnessPromised = ledger && (maxPathsPerDay === undefined || regime.quota.kind === 'rate');
  const isStale = isFreshnessPromised && staleness.p99 > limit;
  const isOverBudget = maxPathsPerDay !== undefined && paths > maxPathsPerDay + batches;
  return [
    ...(lost > 0 ? [`${lost} changes of ${changes} were acknowledged, but are not covered.`] : []),
    ...(deadLettered.others > 0 ? [`${deadLettered.others} messages that are no poison are dead letters.`] : []),
    ...(backlog > 0 ? [`${backlog} messages are in the queue at the end.`] : []),
    ...(stale > 0 ? [`${stale} objects are not covered in the end, by the audit.`] : []),
    ...(isStale ? [`The 99th percentile of staleness is ${staleness.p99} s, but at most ${limit}.`] : []),
    ...(isOverBudget
      ? [`${paths} paths were invalidated, but at most ${maxPathsPerDay} and one for each of ${batches} batches.`]
      : []),
  ];
}

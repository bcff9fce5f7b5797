import { DOLLARS_PER_PATH } from '../../lambda/contract/pricing';
import { everythingPerBatch, oneCallPerObject } from './field';
import { invalidator } from './invalidator';
import { REGIMES, type Regime } from './regimes';
import { SCENARIOS, type Scenario } from './scenarios';
import { type Outcome, simulate } from './simulate';
import type { Layout } from './site';

/** After an outage, everything is fresh so many s later. */
const AFTER_OUTAGE = 300;

const FIELD = [oneCallPerObject, everythingPerBatch];

/**
 * Runs the loads, in all regimes, by this invalidator and by the field's common designs, and prints what became of them.
 *
 * @param part of the names of the scenarios to run
 * @returns whether this invalidator kept its promises
 */
export async function measureLoad(
  part: string,
  { seed, layout }: { readonly seed: number; readonly layout: Layout },
  print: (line: string) => void,
): Promise<boolean> {
  const scenarios = SCENARIOS.filter(({ name }) => name.includes(part));
  if (scenarios.length === 0) {
    throw new Error(`SCENARIO must be part of a scenario's name, but none has "${part}".`);
  }
  print(`${row(HEADER)}\n${row(HEADER.map((_, at) => (at < 3 ? '---' : '--:')))}`);
  let kept = true;
  for (const scenario of scenarios) {
    for (const regime of REGIMES) {
      const ours = await simulate(scenario, regime, invalidator, seed, layout);
      const broken = brokenPromises(scenario, regime, ours);
      if (broken.length > 0) kept = false;
      print(rowOf(scenario, regime, `**${invalidator.name}**`, ours));
      for (const promise of broken) print(`BROKEN, with --seed ${seed} --site ${layout}: ${promise}`);
      for (const design of FIELD) {
        print(rowOf(scenario, regime, design.name, await simulate(scenario, regime, design, seed, layout)));
      }
    }
  }
  print(`\n${LEGEND}`);
  return kept;
}

/** What should have been otherwise. */
export function brokenPromises({ outage = 0 }: Scenario, regime: Regime, outcome: Outcome): string[] {
  const { lost, deadLettered, backlog, staleness, changes } = outcome;
  const limit = outage > 0 ? outage + AFTER_OUTAGE : regime.staleness;
  return [
    ...(lost > 0 ? [`${lost} changes of ${changes} were acknowledged, but are not covered.`] : []),
    ...(deadLettered.others > 0 ? [`${deadLettered.others} messages that are no poison are dead letters.`] : []),
    ...(backlog > 0 ? [`${backlog} messages are in the queue at the end.`] : []),
    ...(staleness.p99 > limit ? [`The 99th percentile of staleness is ${staleness.p99} s, but at most ${limit}.`] : []),
  ];
}

const HEADER = [
  'scenario',
  'invalidations last, or quota',
  'design',
  'changes',
  'lost',
  'dead letters, poison',
  'others',
  'backlog',
  'staleness p50',
  'p99',
  'max',
  'paths',
  'dollars',
  'calls',
  'refused',
  'unchanged discarded',
];

const LEGEND = `Staleness: seconds from a change to an invalidation, created later, that covers it; of the changes that were covered at all.
lost: acknowledged, or given up, and not covered. The same seed and site make the same run: --seed N --site NAME.`;

function rowOf(scenario: Scenario, regime: Regime, design: string, outcome: Outcome): string {
  const { deadLettered, staleness } = outcome;
  const number = (value: number) => Math.round(value).toLocaleString('en');
  const dollars = (outcome.paths * DOLLARS_PER_PATH).toLocaleString('en', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return row([
    scenario.name,
    regime.name,
    design,
    ...[outcome.changes, outcome.lost, deadLettered.poison, deadLettered.others, outcome.backlog].map(number),
    ...[staleness.median, staleness.p99, staleness.most, outcome.paths].map(number),
    `$${dollars}`,
    ...[outcome.calls, outcome.refusals, outcome.discarded].map(number),
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

import { DOLLARS_PER_PATH } from '../../lambda/contract/pricing';
import type { Design } from '../../local/simulation/design';
import { everythingPerBatch, oneCallPerObject } from '../../local/simulation/field';
import { invalidatorWith } from '../../local/simulation/invalidator';
import { brokenPromises } from '../../local/simulation/promises';
import { REGIMES, type Regime } from '../../local/simulation/regimes';
import type { Scenario } from '../../local/simulation/scenario';
import { type Outcome, simulate } from '../../local/simulation/simulate';
import type { Layout } from '../../local/simulation/site';
import { SCENARIOS } from './scenarios';
import { measureHalves, TWO_HALVES } from './two-halves';

const FIELD = [oneCallPerObject, everythingPerBatch];

export interface LoadOptions {
  readonly seed: number;
  readonly layout: Layout;
  /** How many pollers gather batches; a row for each. */
  readonly pollers: readonly number[];
  /** Whether the environments share a ledger. */
  readonly ledger: boolean;
  /** Whether the field's common designs run as well. */
  readonly field: boolean;
}

/**
 * Runs the loads, in all regimes, and prints what became of them.
 *
 * @param part of the names of the scenarios to run
 * @returns whether this invalidator kept its promises
 */
export async function measureLoad(
  part: string,
  { seed, layout, pollers, ledger, field }: LoadOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const scenarios = SCENARIOS.filter(({ name }) => name.includes(part));
  const withHalves = TWO_HALVES.includes(part);
  if (scenarios.length === 0 && !withHalves) {
    throw new Error(`SCENARIO must be part of a scenario's name, but none has "${part}".`);
  }
  let kept = true;
  if (scenarios.length > 0) print(`${row(HEADER)}\n${row(HEADER.map((_, at) => (at < 3 ? '---' : '--:')))}`);
  for (const scenario of scenarios) {
    for (const regime of REGIMES) {
      const run = (design: Design) => simulate(scenario, regime, design, { seed, layout, ledger });
      for (const count of pollers) {
        const ours = await run(invalidatorWith({ pollers: count }));
        print(rowOf(scenario, regime, `**${count} pollers, ledger ${ledger ? 'on' : 'off'}**`, ours));
        for (const promise of brokenPromises(scenario, regime, ours, ledger)) {
          kept = false;
          print(`BROKEN, with --seed ${seed} --site ${layout}: ${promise}`);
        }
      }
      if (field) for (const design of FIELD) print(rowOf(scenario, regime, design.name, await run(design)));
    }
  }
  if (withHalves && !(await measureHalves({ layout, seed }, print))) kept = false;
  print(`\n${LEGEND}`);
  return kept;
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
  'batches',
  'paths',
  'dollars',
  'calls',
  'refused',
  'unchanged evicted',
  'list pages',
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
    ...[staleness.median, staleness.p99, staleness.most, outcome.batches, outcome.paths].map(number),
    `$${dollars}`,
    ...[outcome.calls, outcome.refusals, outcome.evicted, outcome.listedPages].map(number),
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

import { freed } from './cloudfront';
import type { Run } from './invocation';
import { expiries, lateCalls } from './ledger-calls';
import { changes, receipts, redrives } from './queue';
import type { Scenario } from './scenario';
import type { Environment, State } from './state';
import { steps } from './steps';
import type { Transition } from './transition';

/**
 * Everything that may happen next. Nothing else happens between a receipt and what it leads to, nor between the end of an
 * invocation and its report: what may happen there may as well happen before or after, with the same outcome.
 */
export async function transitions(state: State, scenario: Scenario, run: Run): Promise<Transition[]> {
  const next: Transition[] = [
    ...changes(state, scenario),
    ...receipts(state, scenario),
    ...redrives(state, scenario),
    ...expiries(state, scenario),
    ...lateCalls(state),
    ...Object.keys(state.cloudFront.held).map((distribution) => ({
      events: [`the quota of ${distribution} is free again`],
      next: freed(state, distribution),
    })),
  ];
  for (const environment of state.environments) {
    if (environment.invocation) next.push(...steps(state, scenario, environment, await run(state, environment)));
  }
  return atOnce(next, state.environments, scenario, run);
}

/**
 * The transitions, each with what follows it at once.
 *
 * @param still what nothing follows
 */
async function atOnce(
  from: readonly Transition[],
  still: readonly Environment[],
  scenario: Scenario,
  run: Run,
): Promise<Transition[]> {
  const whole: Transition[] = [];
  for (const transition of from) {
    const { events, next, broken } = transition;
    const environment = next.environments.at(-1);
    if (!environment?.invocation || broken || still.includes(environment)) {
      whole.push(transition);
      continue;
    }
    const progress = await run(next, environment);
    if (!progress.returned && !isNew(environment)) {
      whole.push(transition);
      continue;
    }
    const following = await atOnce(steps(next, scenario, environment, progress), still, scenario, run);
    whole.push(...following.map((each) => ({ ...each, events: [...events, ...each.events] })));
  }
  return whole;
}

function isNew({ invocation }: Environment): boolean {
  return invocation !== undefined && Object.keys({ ...invocation.answers, ...invocation.underway }).length === 0;
}

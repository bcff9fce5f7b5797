import { cloudFrontSteps } from './cloudfront-calls';
import { harmed } from './invariants';
import type { Progress } from './invocation';
import { ledgerSteps } from './ledger-calls';
import { crash, report } from './queue';
import type { Scenario } from './scenario';
import type { Environment, State } from './state';
import type { Transition } from './transition';

/** What may happen next to an invocation. */
export function steps(state: State, scenario: Scenario, environment: Environment, progress: Progress): Transition[] {
  const dies = { events: [`${nameOf(environment)} dies`], next: crash(state, scenario, environment) };
  if (progress.returned) return [reports(state, scenario, environment, progress), dies];
  return [...callSteps(state, scenario, environment, progress), dies];
}

/** What happens to an invocation when nothing goes wrong. */
export function honestStep(state: State, scenario: Scenario, environment: Environment, progress: Progress): Transition {
  if (progress.returned) return reports(state, scenario, environment, progress);
  const [step] = callSteps(state, scenario, environment, progress);
  if (!step) throw new Error('The handler waits for something that the model does not know');
  return step;
}

function callSteps(state: State, scenario: Scenario, environment: Environment, progress: Progress): Transition[] {
  return progress.calls.flatMap((call) =>
    call.kind === 'create'
      ? cloudFrontSteps(state, scenario, environment, progress, call)
      : ledgerSteps(state, scenario, environment, call),
  );
}

function reports(state: State, scenario: Scenario, environment: Environment, progress: Progress): Transition {
  const returned = progress.returned === 'failed' ? 'an exception' : progress.returned?.join(', ') || 'nothing';
  return {
    events: [`${nameOf(environment)} returns ${returned}`],
    next: report(state, scenario, environment, progress),
    broken: harmed(state, scenario, environment, progress),
  };
}

function nameOf({ invocation }: Environment): string {
  return `${invocation?.requestId}, which has ${invocation?.batch.map(({ id }) => id).join(', ')},`;
}

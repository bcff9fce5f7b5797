import { everythingBack, stuck } from './calm';
import type { Counterexample } from './counterexample';
import { lost, staleThoughAcknowledged } from './invariants';
import { makeRun } from './invocation';
import { initialState, type Scenario } from './scenario';
import type { Subject } from './stage';
import type { State } from './state';
import { environmentKey, stateKey } from './state-key';
import { transitions } from './transitions';

/** What came of an exploration. */
export interface Exploration {
  /** Different states that were visited. */
  readonly states: number;
  readonly transitions: number;
  /** How many events led to the last of them. What happens at once counts as one. */
  readonly events: number;
  readonly counterexample?: Counterexample;
}

interface Visit {
  readonly state: State;
  readonly events: readonly string[];
  readonly from?: Visit;
  readonly depth: number;
}

/** Visits every state that any schedule leads to, the nearest first, up to the first that breaks an invariant. */
export async function explore(scenario: Scenario, subject: Subject): Promise<Exploration> {
  const { mostEvents = Number.POSITIVE_INFINITY } = scenario;
  const run = makeRun(scenario, subject);
  const initial = initialState(scenario);
  const seen = new Set([stateKey(initial)]);
  const calmed = new Set<string>();
  const visits: Visit[] = [{ state: initial, events: [], depth: 0 }];
  let count = 0;

  /** What a state breaks, if it is a new one. */
  async function check(state: State): Promise<Counterexample | undefined> {
    const broken = staleThoughAcknowledged(state, scenario) ?? lost(state);
    if (broken) return { broken, events: [] };
    const calm = calmKey(state, scenario);
    if (calmed.has(calm)) return undefined;
    calmed.add(calm);
    return stuck(state, scenario, run);
  }

  for (const from of visits) {
    if (from.depth >= mostEvents) break;
    for (const { events, next, broken } of await transitions(from.state, scenario, run)) {
      count++;
      const visit = { state: next, events, from, depth: from.depth + 1 };
      const key = stateKey(next);
      if (!broken && seen.has(key)) continue;
      seen.add(key);
      visits.push(visit);
      const found = broken ? { broken, events: [] } : await check(next);
      if (!found) continue;
      const counterexample = { broken: found.broken, events: [...eventsTo(visit), ...found.events] };
      return { states: seen.size, transitions: count, events: visit.depth, counterexample };
    }
  }
  return { states: seen.size, transitions: count, events: visits.at(-1)?.depth ?? 0 };
}

/** The same for states that are the same once everything is back in the queue. */
function calmKey(state: State, scenario: Scenario): string {
  const idle = state.environments.filter(({ invocation }) => !invocation);
  return stateKey(everythingBack(state, scenario)) + idle.map(environmentKey).sort();
}

function eventsTo(last: Visit): string[] {
  const events: (readonly string[])[] = [];
  for (let visit: Visit | undefined = last; visit; visit = visit.from) events.push(visit.events);
  return events.reverse().flat();
}

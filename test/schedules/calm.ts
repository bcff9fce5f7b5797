import type { Counterexample } from './counterexample';
import { staleThoughAcknowledged } from './invariants';
import type { Run } from './invocation';
import { crash, inOrder } from './queue';
import type { Scenario } from './scenario';
import { type Environment, type Message, type State, timeOf } from './state';
import { honestStep } from './steps';

/** A state, the events that led there, and the first invariant that one of them broke. */
interface Calm {
  readonly state: State;
  readonly events: readonly string[];
  readonly broken?: string;
}

/**
 * Whether everything is done with as soon as nothing goes wrong any more: the invocations of the moment die, what was in
 * work or a dead letter is received together with all the rest, by a function that remembers anything it may or nothing.
 *
 * @returns what is stuck or stale then, or broken on the way
 */
export async function stuck(state: State, scenario: Scenario, run: Run): Promise<Counterexample | undefined> {
  const idle = state.environments.filter(({ invocation }) => !invocation);
  for (const { memory } of [{ memory: [] }, ...idle]) {
    const calm = await drained(everythingBack(state, scenario), memory, scenario, run);
    const broken = calm.broken ?? left(calm.state, scenario) ?? staleThoughAcknowledged(calm.state, scenario);
    if (broken) return { broken, events: calm.events };
  }
  return undefined;
}

/** Nothing is in work, nor a dead letter. */
export function everythingBack(state: State, scenario: Scenario): State {
  const back = state.environments.reduce((each, environment) => crash(each, endless(scenario), environment), state);
  return { ...back, queue: inOrder([...back.queue, ...back.deadLetters]), deadLetters: [] };
}

async function drained(state: State, memory: Environment['memory'], scenario: Scenario, run: Run): Promise<Calm> {
  const deliveries = deliveriesNeeded(scenario);
  let calm: Calm = { state, events: ['nothing goes wrong any more, and everything is back in the queue'] };
  for (let delivery = 0; delivery < deliveries && !calm.broken && calm.state.queue.length > 0; delivery++) {
    calm = await deliver(calm, memory, endless(scenario), run);
  }
  return calm;
}

/** Until all is settled of which nothing goes wrong. */
function deliveriesNeeded({ quota, objects, strained }: Scenario): number {
  // A quota of what is in progress has room for one object at a time, so each delivery settles one.
  if (quota?.kind === 'in-progress') return objects.length;
  // What is new is postponed once.
  return strained === 'scarce' ? 2 : 1;
}

/** All that is in the queue, to one function, while the quota is free. */
async function deliver(
  { state, events }: Calm,
  memory: Environment['memory'],
  scenario: Scenario,
  run: Run,
): Promise<Calm> {
  const batch = state.queue.map((message) => ({ ...message, receives: message.receives + 1 }));
  const invocation = { batch, startTime: timeOf(state), answers: {}, underway: {}, disturbed: false };
  const happened = [...events, `a function receives ${batch.map(({ id }) => id).join(', ')}`];
  const cloudFront = { ...state.cloudFront, held: {} };
  let now: State = { ...state, queue: [], cloudFront, environments: [{ memory, invocation }] };
  for (let at = now.environments[0]; at?.invocation; at = now.environments[0]) {
    const step = honestStep(now, scenario, at, await run(now, at));
    happened.push(...step.events);
    if (step.broken) return { state: step.next, events: happened, broken: step.broken };
    now = step.next;
  }
  return { state: now, events: happened };
}

function left({ queue, changes }: State, { objects }: Scenario): string | undefined {
  const isRefused = ({ change }: Message) => objects[changes[change - 1] as number]?.refused;
  const messages = queue.filter((message) => !isRefused(message)).map(({ id }) => id);
  return messages.length > 0 ? `the queue does not drain of ${messages.join(', ')}` : undefined;
}

function endless(scenario: Scenario): Scenario {
  return { ...scenario, mostReceives: Number.POSITIVE_INFINITY };
}

import type { Counterexample } from './counterexample';
import { staleThoughAcknowledged } from './invariants';
import type { Run } from './invocation';
import { crash, inOrder, invocationOf } from './queue';
import type { Scenario } from './scenario';
import type { Environment, Message, State } from './state';
import { honestStep } from './steps';

/** A state, the events that led there, and the first invariant that one of them broke. */
interface Calm {
  readonly state: State;
  readonly events: readonly string[];
  readonly broken?: string;
}

/**
 * Whether everything is done with as soon as nothing goes wrong any more: the invocations of the moment die, what was in
 * work or a dead letter is received together with all the rest, by a function that remembers anything it may or nothing. Leases stay
 * as they are: the dead release none. Where DynamoDB may fail, all of this is also
 * true when it does so for ever.
 *
 * @returns what is stuck or stale then, or broken on the way
 */
export async function stuck(state: State, scenario: Scenario, run: Run): Promise<Counterexample | undefined> {
  const idle = state.environments.filter(({ invocation }) => !invocation);
  const { ledger } = scenario;
  const withoutDynamoDB = ledger?.faults ? [{ ...scenario, ledger: { ...ledger, isDown: true } }] : [];
  for (const calmed of [scenario, ...withoutDynamoDB]) {
    for (const environment of [{ memory: {}, clockSkew: 0 }, ...idle]) {
      const calm = await drained(everythingBack(state, scenario), environment, calmed, run);
      const broken = calm.broken ?? left(calm.state, scenario) ?? staleThoughAcknowledged(calm.state, scenario);
      if (broken) return { broken, events: calm.events };
    }
  }
  return undefined;
}

/** Nothing is in work, nor a dead letter. */
export function everythingBack(state: State, scenario: Scenario): State {
  const back = state.environments.reduce((each, environment) => crash(each, endless(scenario), environment), state);
  return { ...back, queue: inOrder([...back.queue, ...back.deadLetters]), deadLetters: [] };
}

async function drained(state: State, environment: Environment, scenario: Scenario, run: Run): Promise<Calm> {
  const deliveries = deliveriesNeeded(scenario);
  let calm: Calm = { state, events: ['nothing goes wrong any more, and everything is back in the queue'] };
  for (let delivery = 0; delivery < deliveries && !calm.broken && calm.state.queue.length > 0; delivery++) {
    calm = await deliver(calm, environment, endless(scenario), run);
  }
  return calm;
}

/** Until all is settled of which nothing goes wrong. */
function deliveriesNeeded({ quota, objects }: Scenario): number {
  // A quota of what is in progress has room for one object at a time, so each delivery settles one.
  return quota?.kind === 'in-progress' ? objects.length : 1;
}

/** Of an invocation that ends. */
const MOST_STEPS = 100;

/** All that is in the queue, to one function, while the quota is free. */
async function deliver({ state, events }: Calm, environment: Environment, scenario: Scenario, run: Run): Promise<Calm> {
  const invocation = invocationOf(state, state.queue);
  const happened = [...events, `a function receives ${invocation.batch.map(({ id }) => id).join(', ')}`];
  const cloudFront = { ...state.cloudFront, held: {} };
  let now: State = { ...state, queue: [], cloudFront, environments: [{ ...environment, invocation }] };
  let steps = 0;
  for (let at = now.environments[0]; at?.invocation; at = now.environments[0]) {
    if (++steps > MOST_STEPS)
      return { state: now, events: happened, broken: 'the queue does not drain: an invocation does not end' };
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

import { receive } from '../../local/simulation/queue';
import type { Progress } from './invocation';
import type { Scenario } from './scenario';
import { type Environment, type Invocation, type Message, type State, timeOf } from './state';
import type { Transition } from './transition';

/** An object changes, and S3 tells the queue: once, or twice. */
export function changes(state: State, scenario: Scenario): Transition[] {
  const { objects, messages, duplicates } = scenario;
  const room = messages - state.sent;
  if (room < 1) return [];
  // The objects are alike, so the first to change may as well be the first.
  const alike = objects.every(({ refused, viewerPaths }) => !refused && viewerPaths.length === 1);
  const candidates = alike && state.changes.length === 0 ? objects.slice(0, 1) : objects;
  return candidates.flatMap(({ key }, index) => {
    const change = timeOf(state);
    const tell = (times: string, ...ids: number[]) => {
      const sent = ids.map((id) => ({ id: messageId(scenario, id), change, receives: 0 }));
      return {
        events: [`change ${change} is of ${key}; S3 tells of it${times} (${sent.map(({ id }) => id).join(', ')})`],
        next: {
          ...state,
          changes: [...state.changes, index],
          queue: inOrder([...state.queue, ...sent]),
          sent: state.sent + ids.length,
          ids: Math.max(...ids) + 1,
        },
      };
    };
    const { ids } = state;
    const told = [tell('', ids)];
    if (room > 1 && duplicates.includes('new id')) told.push(tell(' twice', ids, ids + 1));
    if (room > 1 && duplicates.includes('same id')) told.push(tell(', and SQS has two copies', ids, ids));
    return told;
  });
}

/** Any messages reach any environment that is free, or a new one. */
export function receipts(state: State, scenario: Scenario): Transition[] {
  const { concurrency } = scenario;
  return subsets(state.queue).flatMap((batch) => {
    const queue = state.queue.filter((message) => !batch.includes(message));
    const invocation = invocationOf(state, batch);
    const received = (who: string, others: readonly Environment[], environment: Environment) => ({
      events: [`${who} function receives ${batch.map(({ id }) => id).join(', ')} as ${invocation.requestId}`],
      next: { ...state, queue, environments: [...others, { ...environment, invocation }] },
    });
    const idle = state.environments.filter((each) => !each.invocation);
    const othersThan = (environment: Environment) => state.environments.filter((each) => each !== environment);
    const startedBeside = (others: readonly Environment[]) =>
      received('a new', others, { memory: {}, clockSkew: clockSkewBeside(others, scenario) });
    const warm = idle.map((each) => received('a warm', othersThan(each), each));
    const isRoom = state.environments.length < concurrency;
    return [
      ...(isRoom ? [startedBeside(state.environments)] : idle.map((each) => startedBeside(othersThan(each)))),
      ...warm,
    ];
  });
}

/** An invocation that begins with some messages. */
export function invocationOf(state: State, batch: readonly Message[]): Invocation {
  return {
    requestId: unusedRequestId(state),
    batch: batch.map(({ id, change, receives }) => ({ id, change, receives: receives + 1 })),
    startTime: timeOf(state),
    answers: {},
    underway: {},
    disturbed: false,
  };
}

/** Nobody can tell a new request id from one that no invocation and no lease has. */
function unusedRequestId({ environments, table, lateCall }: State): string {
  const used = new Set([
    ...environments.map(({ invocation }) => invocation?.requestId),
    ...Object.values(table).map(({ holder }) => holder),
    lateCall?.requestId,
  ]);
  for (let index = 1; ; index++) if (!used.has(`request-${index}`)) return `request-${index}`;
}

/** Environments at the same time have clocks that differ, as far as there are any. */
function clockSkewBeside(others: readonly Environment[], { ledger }: Scenario): number {
  const clockSkews = ledger?.clockSkews ?? [0];
  return clockSkews.find((skew) => others.every(({ clockSkew }) => clockSkew !== skew)) ?? 0;
}

/** The function's answer arrives: what it does not name is acknowledged, the rest goes back. */
export function report(state: State, scenario: Scenario, environment: Environment, progress: Progress): State {
  const { invocation } = environment;
  const { returned, memory } = progress;
  if (!invocation || !returned) throw new Error('Only an invocation that ended has a report');
  const { batch } = invocation;
  const failed = isFullFailure(batch, returned);
  const back = batch.filter(({ id }) => failed || returned.includes(id));
  const done = batch.filter((message) => !back.includes(message));
  const acknowledged = new Set([...state.acknowledged, ...done.map(({ change }) => change)]);
  return {
    ...goBack(state, scenario, back),
    acknowledged: [...acknowledged].sort(),
    environments: replace(
      state,
      environment,
      Object.keys(memory).length > 0 ? { memory, clockSkew: environment.clockSkew } : undefined,
    ),
  };
}

/** An environment dies, at any moment: its messages go back, and no lease is released. */
export function crash(state: State, scenario: Scenario, environment: Environment): State {
  const environments = replace(state, environment, undefined);
  return { ...goBack(state, scenario, environment.invocation?.batch ?? []), environments };
}

/** Somebody sends a dead letter back to the queue, where it is a new message. */
export function redrives(state: State, scenario: Scenario): Transition[] {
  if (state.redrives >= scenario.redrives) return [];
  return state.deadLetters.map((message) => {
    const redriven = { ...message, id: messageId(scenario, state.ids), receives: 0 };
    return {
      events: [`the dead letter ${message.id} is sent back to the queue as ${redriven.id}`],
      next: {
        ...state,
        deadLetters: state.deadLetters.filter((each) => each !== message),
        queue: inOrder([...state.queue, redriven]),
        ids: state.ids + 1,
        redrives: state.redrives + 1,
      },
    };
  });
}

/** The environments with what became of one of them last. */
export function replace(state: State, old: Environment, replacement: Environment | undefined): Environment[] {
  const others = state.environments.filter((each) => each !== old);
  return replacement ? [...others, replacement] : others;
}

/** Lambda takes an exception and an id that it did not send for a failure of all. */
function isFullFailure(batch: readonly Message[], returned: NonNullable<Progress['returned']>): returned is 'failed' {
  return returned === 'failed' || returned.some((id) => !batch.some((message) => message.id === id));
}

/** What is a dead letter on its next receipt may as well be one at once. */
function goBack(state: State, { mostReceives }: Scenario, messages: readonly Message[]): State {
  const isReceivable = (message: Message) => receive(message, mostReceives, timeOf(state)) !== undefined;
  const dead = messages.filter((message) => !isReceivable(message));
  const visible = messages.filter(isReceivable);
  return {
    ...state,
    queue: inOrder([...state.queue, ...visible]),
    deadLetters: inOrder([...state.deadLetters, ...dead]),
  };
}

function messageId({ descendingIds }: Scenario, index: number): string {
  return descendingIds ? `m${9 - index}` : `m${index + 1}`;
}

/** Messages have no order of their own. */
export function inOrder(messages: readonly Message[]): Message[] {
  return messages.toSorted((a, b) => (a.id === b.id ? a.receives - b.receives : a.id < b.id ? -1 : 1));
}

/** Every choice of at least one. */
function subsets([first, ...others]: readonly Message[]): Message[][] {
  if (!first) return [];
  const without = subsets(others);
  return [[first], ...without.map((some) => [first, ...some]), ...without];
}

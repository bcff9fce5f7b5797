import type { Facts } from './facts';
import type { Answer, Environment, LateCall, LedgerItem, Message, State } from './state';

/** The same for states that differ only in an order that means nothing. What has an order of its own is kept in it. */
export function stateKey(state: State): string {
  const { environments, cloudFront, table } = state;
  let key = `${state.changes};${state.acknowledged};${state.sent};${state.ids};${state.redrives};`;
  key += `${messagesKey(state.queue)};${messagesKey(state.deadLetters)};`;
  const keys = environments.map((each) => environmentKey(each) + leasesKey(each, table));
  key += keys.length > 1 ? keys.sort() : keys;
  for (const { name } of cloudFront.invalidations) key += `;${name}`;
  key += `;${cloudFront.foreign};${recordKey(cloudFront.held, heldKey)};${recordKey(cloudFront.cached, String)}`;
  return `${key};${recordKey(table, itemKey)}${state.lateCall ? lateCallKey(state.lateCall, state) : ''}`;
}

/** What an execution environment knows and is at. Request ids tell invocations apart, and mean nothing else. */
export function environmentKey({ memory, clockSkew, invocation }: Environment): string {
  const key = clockSkew + recordKey(memory, factsKey);
  if (!invocation) return key;
  const { batch, startTime, answers, underway, disturbed } = invocation;
  return `${key}<${messagesKey(batch)} ${startTime} ${recordKey(answers, answersKey)} ${recordKey(underway, String)} ${disturbed}>`;
}

function leasesKey({ invocation }: Environment, table: State['table']): string {
  if (!invocation) return '';
  return String(Object.keys(table).filter((each) => table[each]?.holder === invocation.requestId));
}

function itemKey({ holder, expired, ledger }: LedgerItem): string {
  return `${holder === undefined ? 'free' : (expired ?? 'held')} ${ledger ? factsKey(ledger) : ''}`;
}

/** Whether its caller is still at work, and still holds the lease, matters; who it was does not. */
function lateCallKey({ call, requestId, isAhead }: LateCall, { environments, table }: State): string {
  const caller = environments.find(({ invocation }) => invocation?.requestId === requestId);
  const isHolder = table[call.distribution]?.holder === requestId;
  return `;${call.sets} ${call.ledger ? factsKey(call.ledger) : ''} ${isAhead} ${isHolder} ${caller ? environmentKey(caller) : ''}`;
}

function messagesKey(messages: readonly Message[]): string {
  let key = '';
  for (const { id, change, receives } of messages) key += `${id}.${change}.${receives} `;
  return key;
}

function factsKey({ accepted, failedTurns }: Facts): string {
  let key = `${failedTurns}`;
  for (const { path, id, createTime } of accepted) key += ` ${path} ${id} ${createTime}`;
  return key;
}

function answersKey(answers: readonly Answer[]): string {
  let key = '';
  for (const answer of answers) key += `${answerKey(answer)}@${answer.at} `;
  return key;
}

function answerKey(answer: Answer): string {
  switch (answer.kind) {
    case 'accepted':
      return String(answer.createTime);
    case 'failed':
      return answer.error;
    case 'updated':
      return `updated ${answer.ledger ? factsKey(answer.ledger) : ''}`;
    case 'read':
      return answer.isExpired ? 'free' : 'held';
    case 'condition failed':
      return answer.kind;
  }
}

function heldKey({ paths, wildcards }: { readonly paths: number; readonly wildcards: number }): string {
  return `${paths}+${wildcards}`;
}

function recordKey<T>(record: Readonly<Record<string, T>>, keyOf: (value: T) => string): string {
  const names = Object.keys(record);
  if (names.length > 1) names.sort();
  let key = '';
  for (const name of names) key += `${name}=${keyOf(record[name] as T)},`;
  return key;
}

import type { Answer, Environment, KnownPath, Message, State } from './state';

/** The same for states that differ only in an order that means nothing. What has an order of its own is kept in it. */
export function stateKey(state: State): string {
  const { environments, cloudFront } = state;
  let key = `${state.changes};${state.acknowledged};${state.sent};${state.ids};${state.redrives};`;
  key += `${messagesKey(state.queue)};${messagesKey(state.deadLetters)};`;
  key += environments.length > 1 ? environments.map(environmentKey).sort() : environments.map(environmentKey);
  for (const { name } of cloudFront.invalidations) key += `;${name}`;
  return `${key};${cloudFront.foreign};${recordKey(cloudFront.held, heldKey)};${recordKey(cloudFront.cached, String)}`;
}

/** What an execution environment knows and is at. */
export function environmentKey({ memory, invocation }: Environment): string {
  let key = '';
  for (const each of memory) key += knownPathKey(each);
  if (!invocation) return key;
  const { batch, startTime, answers, underway, disturbed } = invocation;
  return `${key}<${messagesKey(batch)} ${startTime} ${recordKey(answers, answersKey)} ${recordKey(underway, String)} ${disturbed}>`;
}

function messagesKey(messages: readonly Message[]): string {
  let key = '';
  for (const { id, change, receives } of messages) key += `${id}.${change}.${receives} `;
  return key;
}

function knownPathKey({ distribution, path, createTime }: KnownPath): string {
  return `${distribution}${path} ${createTime} `;
}

function answersKey(answers: readonly Answer[]): string {
  let key = '';
  for (const answer of answers) key += `${answer.kind === 'accepted' ? answer.createTime : answer.error}@${answer.at} `;
  return key;
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

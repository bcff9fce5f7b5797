import type { Fragment, Fragments } from './fragment';

/** When something exists: always, never, or by the conditions of the template. */
export type Existence = boolean | Fragments;

const ref = (name: string): Fragment => ({ Ref: name });
const equals = (parameter: string, value: string): Fragments => ({ 'Fn::Equals': [ref(parameter), value] });
const isGiven = (parameter: string) => not(equals(parameter, ''));

/** What the parameters decide. */
export const CONDITIONS: Readonly<Record<string, Fragments>> = {
  ByEventBridge: equals('Events', 'eventbridge'),
  TakesRequests: equals('Requests', 'true'),
  HasMonitoring: equals('Monitoring', 'true'),
  IsDryRun: equals('DryRun', 'true'),
  InspectsBucket: equals('InspectBucket', 'true'),
  ReadsDistribution: equals('ReadDistribution', 'true'),
  HasAlarmTopic: isGiven('AlarmTopicArn'),
  HasMaxPathsPerDay: not(equals('MaxPathsPerDay', '0')),
  StatesIndexDocument: isGiven('IndexDocument'),
  HasIndexDocument: not(equals('IndexDocument', 'none')),
  HasPrefix: isGiven('Prefix'),
  StatesOriginPath: isGiven('OriginPath'),
  HasOriginPath: and(isGiven('OriginPath'), not(equals('OriginPath', 'none'))),
  IsConfined: or(condition('HasPrefix'), condition('HasOriginPath')),
  StatesViewerPrefix: isGiven('ViewerPrefix'),
  HasViewerPrefix: not(equals('ViewerPrefix', 'none')),
  HasExclude: not({ 'Fn::Equals': [{ 'Fn::Join': ['', ref('Exclude')] }, ''] }),
  StatesQueryStrings: isGiven('QueryStrings'),
};

export function condition(name: string): Fragments {
  return { Condition: name };
}

export function not(one: Fragments): Fragments {
  return { 'Fn::Not': [one] };
}

export function and(...all: readonly Fragments[]): Fragments {
  return { 'Fn::And': all };
}

export function or(...all: readonly Fragments[]): Fragments {
  return { 'Fn::Or': all };
}

/** What exists as `yes` says where a condition holds, else as `no` says. */
export function existsIf(name: string, yes: Existence, no: Existence): Existence {
  const holds = condition(name);
  if (JSON.stringify(yes) === JSON.stringify(no)) return yes;
  if (typeof yes === 'object' && typeof no === 'object') return or(and(holds, yes), and(not(holds), no));
  if (yes === true) return no === false ? holds : or(holds, no as Fragments);
  if (no === true) return yes === false ? not(holds) : or(not(holds), yes as Fragments);
  return yes === false ? and(not(holds), no as Fragments) : and(holds, yes as Fragments);
}

/** The name that a condition of its own has: it says what it is put together from. */
export function conditionName(expression: Fragments): string {
  const [[operator = '', operand] = []] = Object.entries(expression);
  if (operator === 'Condition') return String(operand);
  const names = (operand as readonly Fragments[]).map(conditionName);
  if (operator === 'Fn::Not') return `Not${names[0]}`;
  return names.join(operator === 'Fn::And' ? 'And' : 'Or');
}

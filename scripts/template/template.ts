import { ORIGINS } from '../../lambda/contract/environment';
import { ChangeEvents } from '../../lib/change-events';
import { CONDITIONS, conditionName, type Existence } from './conditions';
import { originsText, replaceStandIns } from './expressions';
import { type Fragment, type Fragments, isFragments } from './fragment';
import { type Lookup, mergeByLookup } from './lookup';
import { composeMembers, type Members, mergeMembers } from './merge';
import { INTERFACE, PARAMETERS, WINDOWS } from './parameters';
import { type Choice, synthesize } from './variants';

/** The template of the construct with parameters in place of its options. */
export interface InvalidatorTemplate {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Metadata: object;
  readonly Parameters: typeof PARAMETERS;
  readonly Mappings: Readonly<Record<string, Lookup>>;
  readonly Conditions: Readonly<Record<string, Fragment>>;
  readonly Resources: Readonly<Record<string, Fragments>>;
  readonly Outputs: Readonly<Record<string, Fragments>>;
}

/** Where all groups of options start. It has as many of the resources as one choice can have. */
const BASE: Choice = {
  events: ChangeEvents.NOTIFICATIONS,
  isConfined: true,
  requests: true,
  monitoring: true,
  dryRun: false,
  inspectBucket: true,
  readDistribution: true,
  hasAlarmTopic: true,
  hasMaxPathsPerDay: true,
  indexDocument: 'stated',
  maxBatchingWindow: 20,
  overrides: false,
};

/** What a condition of the template decides. */
interface Axis {
  readonly condition: string;
  readonly yes: Partial<Choice>;
  readonly no: Partial<Choice>;
}

/** Options that change the same pieces of the template are one group, of which every combination is synthesized. */
const GROUPS: readonly (readonly Axis[])[] = [
  [
    {
      condition: 'ByEventBridge',
      yes: { events: ChangeEvents.EVENTBRIDGE },
      no: { events: ChangeEvents.NOTIFICATIONS },
    },
    { condition: 'TakesRequests', yes: { requests: true }, no: { requests: false } },
    { condition: 'IsConfined', yes: { isConfined: true }, no: { isConfined: false } },
  ],
  [
    { condition: 'IsDryRun', yes: { dryRun: true }, no: { dryRun: false } },
    { condition: 'InspectsBucket', yes: { inspectBucket: true }, no: { inspectBucket: false } },
    { condition: 'ReadsDistribution', yes: { readDistribution: true }, no: { readDistribution: false } },
  ],
  [{ condition: 'HasMonitoring', yes: { monitoring: true }, no: { monitoring: false } }],
  [{ condition: 'HasAlarmTopic', yes: { hasAlarmTopic: true }, no: { hasAlarmTopic: false } }],
  [{ condition: 'HasMaxPathsPerDay', yes: { hasMaxPathsPerDay: true }, no: { hasMaxPathsPerDay: false } }],
  [
    { condition: 'StatesIndexDocument', yes: {}, no: { indexDocument: 'as the distribution says' } },
    { condition: 'HasIndexDocument', yes: {}, no: { indexDocument: 'none' } },
  ],
];

const WINDOW = 'MaxBatchingWindow';

/**
 * The template, out of the construct: it is synthesized with every choice that changes the form of its resources, and where the
 * choices differ, a condition on the parameters decides.
 *
 * @param code of the function, one CommonJS module
 * @throws an Error where the construct has become such that its options cannot be told apart by conditions
 */
export function makeTemplate(code: string): InvalidatorTemplate {
  const base = membersOf(BASE);
  const lookup: Lookup = {};
  const windows = new Map(
    WINDOWS.map((maxBatchingWindow) => [String(maxBatchingWindow), bodiesOf({ ...BASE, maxBatchingWindow })]),
  );
  const byWindow = mergeByLookup(WINDOW, windows, lookup) as Record<string, Fragments>;
  const members = composeMembers(base, [
    ...GROUPS.map((axes) => merged(axes, BASE)),
    Object.fromEntries(Object.entries(byWindow).map(([name, body]) => [name, { exists: true, body }])),
  ]);
  const origins = originsText(originsOf(synthesize({ ...BASE, overrides: true }).Resources));
  const conditions: Record<string, Fragment> = { ...CONDITIONS };
  const finished = Object.entries(members).map(([name, { exists, body }]) => {
    const whole = withOriginsAndCode(replaceStandIns(body) as Fragments, origins, code);
    return [name, { ...whole, ...conditional(exists, conditions) }] as const;
  });
  const ofKind = (kind: string) =>
    Object.fromEntries(
      finished.filter(([name]) => name.startsWith(kind)).map(([name, body]) => [name.slice(kind.length), body]),
    );
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Invalidates in CloudFront what changes in S3: for a bucket and a distribution that exist',
    Metadata: { 'AWS::CloudFormation::Interface': INTERFACE },
    Parameters: PARAMETERS,
    Mappings: { [WINDOW]: lookup },
    Conditions: conditions,
    Resources: ofKind(RESOURCE),
    Outputs: ofKind(OUTPUT),
  };
}

function merged([axis, ...others]: readonly Axis[], choice: Choice): Members {
  if (!axis) return membersOf(choice);
  const [yes, no] = [merged(others, { ...choice, ...axis.yes }), merged(others, { ...choice, ...axis.no })];
  return mergeMembers(axis.condition, yes, no);
}

/** Resources and outputs, by their names with these in front. */
const RESOURCE = 'resource ';
const OUTPUT = 'output ';

function bodiesOf(choice: Choice): Record<string, Fragments> {
  const { Resources, Outputs } = synthesize(choice);
  return Object.fromEntries([
    ...Object.entries(Resources).map(([name, body]) => [RESOURCE + name, withoutMetadata(body)]),
    ...Object.entries(Outputs).map(([name, body]) => [OUTPUT + name, body]),
  ]);
}

function membersOf(choice: Choice): Members {
  const bodies = Object.entries(bodiesOf(choice));
  return Object.fromEntries(bodies.map(([name, body]) => [name, { exists: true, body }]));
}

/** Without where CDK has the resource and its assets from, and without what is put in at the end. */
function withoutMetadata({ Metadata: _, ...body }: Fragments): Fragments {
  const variables = variablesOf(body);
  if (!variables) return body;
  const { Environment: __, ...properties } = body.Properties as Fragments;
  const Environment = { Variables: { ...variables, [ORIGINS]: '' } };
  return { ...body, Properties: { ...properties, Code: '', Environment } };
}

/** Of the invalidator's function; undefined: it is another resource. */
function variablesOf({ Properties }: Fragments): Fragments | undefined {
  const { Environment }: Fragments = isFragments(Properties) ? Properties : {};
  const { Variables }: Fragments = isFragments(Environment) ? Environment : {};
  return isFragments(Variables) && ORIGINS in Variables ? Variables : undefined;
}

function originsOf(resources: Readonly<Record<string, Fragments>>): Fragment {
  const texts = Object.values(resources).flatMap((each) => variablesOf(each)?.[ORIGINS] ?? []);
  return texts[0] as Fragment;
}

function withOriginsAndCode(body: Fragments, origins: Fragment, code: string): Fragments {
  const variables = variablesOf(body);
  if (!variables) return body;
  const Environment = { Variables: { ...variables, [ORIGINS]: origins } };
  return { ...body, Properties: { ...(body.Properties as Fragments), Code: { ZipFile: code }, Environment } };
}

/** The name of the condition, which becomes one of the template's. */
function conditional(exists: Existence, conditions: Record<string, Fragment>): Fragments {
  if (typeof exists === 'boolean') return {};
  const name = conditionName(exists);
  conditions[name] ??= exists;
  return { Condition: name };
}

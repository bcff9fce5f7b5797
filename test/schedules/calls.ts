import { invalidates } from '../../local/cloudfront/path-rules';
import { type Call, create, freed } from './cloudfront';
import { paidTwice } from './invariants';
import type { Progress } from './invocation';
import { replace } from './queue';
import type { Scenario, SiteObject } from './scenario';
import type { SdkErrorName } from './sdk-error';
import { type Answer, type Environment, type Invocation, type Message, SETTLED, type State, timeOf } from './state';
import type { Transition } from './transition';

/** What may happen to a call of CreateInvalidation; first, what happens when nothing goes wrong. */
export function callSteps(
  state: State,
  scenario: Scenario,
  environment: Environment,
  { pauses }: Progress,
  call: Call,
): Transition[] {
  const { distribution, reference, paths } = call;
  const at = timeOf(state);
  const accept = (what: string, createTime: number): Transition => ({
    events: [what],
    next: answered(state, environment, distribution, { kind: 'accepted', createTime, at }),
  });
  const fail = (what: string, error: SdkErrorName): Transition => ({
    events: [what],
    next: answered(state, environment, distribution, { kind: 'failed', error, at }),
  });
  const faults = (what: string) => [
    ...scenario.faults.map((error) => fail(`${error} for ${what}`, error)),
    ...(scenario.outOfTime ? [fail(`the function runs out of time for ${what}`, 'AbortError')] : []),
  ];
  const lost = [
    fail(`the answer of ${distribution} is lost`, 'ECONNRESET'),
    ...faults(`the second attempt, after the answer of ${distribution} was lost`),
  ];

  const underway = environment.invocation?.underway[distribution];
  if (underway !== undefined) return [accept(`the answer of ${distribution} arrives`, underway), ...lost];

  const request = `${distribution} ${paths.join(' ')} (${reference.slice(0, 8)})`;
  const isFree = scenario.quota?.kind === 'rate' && pauses > 0;
  const asked = openMessages(state, scenario, environment, distribution);
  const creation = create(isFree ? freed(state, distribution) : state, scenario, call, asked);
  switch (creation.kind) {
    case 'refused':
      return [fail(`CloudFront answers ${creation.error} for ${request}`, creation.error), ...faults(request)];
    case 'repeated': {
      const again = `CloudFront answers with the earlier invalidation for ${request}`;
      return [accept(again, creation.createTime), ...lost, ...faults(request)];
    }
    case 'created': {
      const { invalidation, cloudFront } = creation;
      const created = {
        events: [`CloudFront creates ${request}`],
        next: { ...awaiting(state, environment, distribution, invalidation.createTime), cloudFront },
        broken: paidTwice(state, invalidation),
      };
      return [created, ...faults(request), ...foreignUse(state, scenario, call)];
    }
  }
}

/** Somebody else turns out to have used the reference. */
function foreignUse(state: State, { foreignReferences }: Scenario, { distribution, reference }: Call): Transition[] {
  const { foreign } = state.cloudFront;
  if (foreign.length >= foreignReferences) return [];
  const cloudFront = { ...state.cloudFront, foreign: [...foreign, distribution + reference] };
  return [{ events: [`somebody else uses the reference ${reference.slice(0, 8)}`], next: { ...state, cloudFront } }];
}

/** CloudFront has made an invalidation, and the answer is under way. */
function awaiting(state: State, environment: Environment, distribution: string, createTime: number): State {
  const { invocation } = environment;
  return advanced(state, environment, { underway: { ...invocation?.underway, [distribution]: createTime } });
}

function answered(state: State, environment: Environment, distribution: string, answer: Answer): State {
  const { answers, disturbed, underway } = environment.invocation as Invocation;
  const { [distribution]: _, ...others } = underway;
  const isDisturbance = answer.kind === 'failed' && answer.error !== 'InvalidPath';
  return advanced(state, environment, {
    answers: { ...answers, [distribution]: [...(answers[distribution] ?? []), answer] },
    underway: others,
    disturbed: disturbed || isDisturbance,
  });
}

function advanced(state: State, environment: Environment, change: Partial<Invocation>): State {
  const invocation = { ...(environment.invocation as Invocation), ...change };
  return { ...state, environments: replace(state, environment, { ...environment, invocation }) };
}

/**
 * The ids of the messages that the function asks an invalidation for: those that, by what it knows, none covers yet. When it
 * dies it forgets what it knew and may ask for more the next time; that is another request.
 */
function openMessages(
  { changes }: State,
  { objects }: Scenario,
  { memory, invocation }: Environment,
  distribution: string,
): string[] {
  const isOpen = ({ id, change }: Message) => {
    const settled = SETTLED + id;
    if (memory.some(({ distribution: where, path }) => where === distribution && path === settled)) return false;
    const known = memory.filter((each) => each.distribution === distribution && each.createTime > change);
    const { viewerPaths } = objects[changes[change - 1] as number] as SiteObject;
    return viewerPaths.some((viewerPath) => !known.some(({ path }) => invalidates(path, viewerPath)));
  };
  const open = invocation?.batch.filter(isOpen).map(({ id }) => id);
  return [...new Set(open)].sort();
}

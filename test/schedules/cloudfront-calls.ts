import { answered, awaiting } from './answers';
import { type CloudFrontCall, create, drops, freed } from './cloudfront';
import { paidTwice } from './invariants';
import type { Progress } from './invocation';
import type { Scenario, SiteObject } from './scenario';
import type { SdkErrorName } from './sdk-error';
import type { Environment, Message, State } from './state';
import type { Transition } from './transition';

/** What may happen to a call of CreateInvalidation; first, what happens when nothing goes wrong. */
export function cloudFrontSteps(
  state: State,
  scenario: Scenario,
  environment: Environment,
  { pauses }: Progress,
  call: CloudFrontCall,
): Transition[] {
  const { distribution, reference, paths } = call;
  const accept = (what: string, createTime: number): Transition => ({
    events: [what],
    next: answered(state, environment, distribution, { kind: 'accepted', createTime }),
  });
  const fail = (what: string, error: SdkErrorName): Transition => ({
    events: [what],
    next: answered(state, environment, distribution, { kind: 'failed', error }, error !== 'InvalidPath'),
  });
  const faults = (what: string) => [
    ...scenario.faults.map((error) => fail(`${error} for ${what}`, error)),
    ...(scenario.outOfTime ? [fail(`the function runs out of time for ${what}`, 'AbortError')] : []),
  ];
  const lost = scenario.answersArrive
    ? []
    : [
        fail(`the answer of ${distribution} is lost`, 'ECONNRESET'),
        ...faults(`the second attempt, after the answer of ${distribution} was lost`),
      ];

  const underway = environment.invocation?.underway[distribution];
  if (underway !== undefined) return [accept(`the answer of ${distribution} arrives`, underway), ...lost];

  const request = `${distribution} ${paths.join(' ')} (${reference.slice(0, 8)})`;
  const isFree = scenario.quota?.kind === 'rate' && pauses > 0;
  const requested = openMessages(state, scenario, environment, distribution);
  const creation = create(isFree ? freed(state, distribution) : state, scenario, call, requested);
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
function foreignUse(
  state: State,
  { foreignReferences }: Scenario,
  { distribution, reference }: CloudFrontCall,
): Transition[] {
  const { foreign } = state.cloudFront;
  if (foreign.length >= foreignReferences) return [];
  const cloudFront = { ...state.cloudFront, foreign: [...foreign, distribution + reference] };
  return [{ events: [`somebody else uses the reference ${reference.slice(0, 8)}`], next: { ...state, cloudFront } }];
}

/**
 * The ids of the messages that the function requests an invalidation for: those that, by what it knows, none covers yet. When it
 * dies it forgets what it knew and may request more the next time; that is another request.
 */
function openMessages(
  { changes }: State,
  { objects }: Scenario,
  { memory, invocation }: Environment,
  distribution: string,
): string[] {
  const stored = invocation?.answers[distribution]?.findLast((answer) => answer.kind === 'updated')?.ledger;
  const known = [...(memory[distribution]?.accepted ?? []), ...(stored?.accepted ?? [])];
  const isOpen = ({ change }: Message) => {
    const newer = known.filter(({ createTime }) => createTime > change);
    const { viewerPaths } = objects[changes[change - 1] as number] as SiteObject;
    return viewerPaths.some((viewerPath) => !newer.some(({ path }) => drops(path, viewerPath)));
  };
  const open = invocation?.batch.filter(isOpen).map(({ id }) => id);
  return [...new Set(open)].sort();
}

import { replace } from './queue';
import { type Answer, type Environment, type Invocation, type State, timeOf } from './state';

type Untimed<T> = T extends unknown ? Omit<T, 'at'> : never;

/** A call is answered, now. @param disturbs whether the answer is a reason to return messages that are in order */
export function answered(
  state: State,
  environment: Environment,
  distribution: string,
  answer: Untimed<Answer>,
  disturbs = false,
): State {
  const { answers, disturbed, underway } = environment.invocation as Invocation;
  const { [distribution]: _, ...others } = underway;
  const timed = { ...answer, at: timeOf(state) } as Answer;
  return advanced(state, environment, {
    answers: { ...answers, [distribution]: [...(answers[distribution] ?? []), timed] },
    underway: others,
    disturbed: disturbed || disturbs,
  });
}

/** CloudFront has made an invalidation, and the answer is under way. */
export function awaiting(state: State, environment: Environment, distribution: string, createTime: number): State {
  const { invocation } = environment;
  return advanced(state, environment, { underway: { ...invocation?.underway, [distribution]: createTime } });
}

function advanced(state: State, environment: Environment, change: Partial<Invocation>): State {
  const invocation = { ...(environment.invocation as Invocation), ...change };
  return { ...state, environments: replace(state, environment, { ...environment, invocation }) };
}

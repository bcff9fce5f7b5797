import { count } from '../count';
import { printable } from '../printable';
import { nameOf } from '../question';
import type { Audit, AuditQuestion } from './audit';
import type { Change, ChangeVerdict, PathState, PathVerdict } from './coverage';

/** Best first: what is not fresh comes last, where people look. */
const STATES: readonly PathState[] = ['completed', 'in progress', 'not proven', 'not covered'];

/** The state of an object is that of its worst path. */
export function stateOf({ paths }: Pick<ChangeVerdict, 'paths'>): PathState {
  const worst = paths.reduce((most, { state }) => Math.max(most, STATES.indexOf(state)), 0);
  return STATES[worst] as PathState;
}

/** Whether everything that has changed is covered, and completed. */
export function isFresh({ changes }: Pick<Audit, 'changes'>): boolean {
  return changes.every((change) => stateOf(change) === 'completed');
}

/** What a person reads, and a pipeline's log keeps: a line for each object, and for each of its paths if they differ. */
export function* reportOf(
  question: Pick<AuditQuestion, 'bucket' | 'distribution' | 'tenant'>,
  audit: Audit,
): Generator<string> {
  const byState = new Map<PathState, ChangeVerdict[]>(STATES.map((state) => [state, []]));
  for (const change of audit.changes) byState.get(stateOf(change))?.push(change);
  for (const [state, changes] of byState) {
    for (const { change, paths } of changes)
      for (const line of linesOf(state, change, paths)) yield `${printable(line)}\n`;
  }
  if (audit.changes.length > 0) yield '\n';
  for (const sentence of summaryOf(audit)) yield `${printable(sentence)}\n`;

  function* summaryOf({ since, notServed, isCutShort }: Audit): Generator<string> {
    const changed = `${count(audit.changes.length, 'object')} of bucket ${question.bucket} changed since ${new Date(since).toISOString()}`;
    const parts = STATES.flatMap((state) => {
      const number = byState.get(state)?.length ?? 0;
      return number === 0 ? [] : [`${number.toLocaleString('en')} ${state === 'completed' ? 'fresh' : state}`];
    });
    yield `${changed}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
    if (notServed > 0)
      yield `${count(notServed, 'changed object')} ${notServed === 1 ? 'needs' : 'need'} no invalidation: not served, or excluded.`;
    if (isCutShort) yield 'Older invalidations were not read, because there are too many: a later --since needs fewer.';
    if (isFresh(audit)) yield `Everything is covered by completed invalidations of ${nameOf(question)}.`;
  }
}

function linesOf(state: PathState, change: Change, paths: readonly PathVerdict[]): string[] {
  const [first, ...others] = paths;
  const areAlike = first && others.every((each) => each.state === first.state && each.by?.id === first.by?.id);
  if (!areAlike)
    return paths.map((each) => `${each.state.padEnd(11)}  ${change.key}  ${each.path}  ${why(change, each)}`);
  const all = paths.map(({ path }) => path).join('  ');
  return [`${state.padEnd(11)}  ${change.key}  ${all}  ${why(change, first)}`];
}

function why({ time }: Change, { state, by }: PathVerdict): string {
  if (!by) return 'no invalidation since the change';
  const after = (by.time.earliest - time.latest) / 1_000;
  if (state !== 'not proven') return `${by.id}, created ${after.toFixed(1)} s after the change`;
  const isVague = time.latest - time.earliest > VAGUE;
  return isVague
    ? `${by.id}, but S3 does not tell whether the change was before: --changed-by says by when it was`
    : `${by.id}, but it was created in the same second as the change`;
}

/** A time that S3 tells is not further off, in ms. */
const VAGUE = 2_000;

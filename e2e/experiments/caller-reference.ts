import { randomUUID } from 'node:crypto';
import type { Experiment } from '../finding';
import type { Invalidated } from '../lab';
import { UNWATCHED } from '../target';

const TIMES = 2;

export const callerReference: Experiment = {
  name: 'caller-reference',
  // Each of the two calls is paid for, if it is not atomic.
  paths: 2 * TIMES,
  async run(lab) {
    const pairs: string[] = [];
    for (let time = 0; time < TIMES; time++) {
      const reference = randomUUID();
      const call = () => lab.invalidate([`/${UNWATCHED}reference-${time}.html`], reference);
      const [one, other] = await Promise.all([call(), call()]);
      pairs.push(outcomeOf(one, other));
    }
    const isAtomic = pairs.every((pair) => pair === 'one invalidation');
    return [
      {
        question: 'Is a repeated caller reference atomic: two identical calls at once?',
        answer: isAtomic ? 'yes' : 'no',
        seen: pairs.join('; '),
      },
    ];
  },
};

function outcomeOf(one: Invalidated, other: Invalidated): string {
  if (one.kind === 'accepted' && other.kind === 'accepted')
    return one.id === other.id ? 'one invalidation' : 'two invalidations';
  const names = [one, other].map((answer) => (answer.kind === 'accepted' ? 'accepted' : answer.name));
  return names.toSorted().join(' and ');
}

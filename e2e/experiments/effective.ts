import type { Experiment } from '../finding';
import { secondsOf } from '../lab';
import { UNWATCHED } from '../target';

const TIMES = 3;

export const effective: Experiment = {
  name: 'effective',
  paths: TIMES,
  async run(lab) {
    const { waits } = lab;
    const effectiveAfter: (number | undefined)[] = [];
    const completedAfter: (number | undefined)[] = [];
    for (let time = 0; time < TIMES; time++) {
      const key = `${UNWATCHED}effective-${time}.html`;
      const isFresh = async () => (await lab.view(`/${key}`)).body === 'new';
      await lab.put(key, 'old');
      await isFresh();
      await lab.put(key, 'new');
      if (await isFresh()) continue;
      const start = performance.now();
      const answer = await lab.invalidate([`/${key}`]);
      if (answer.kind === 'refused') continue;
      const seen = await Promise.all([
        lab.until(isFresh, waits.invalidation, waits.view).then((took) => took && performance.now() - start),
        lab
          .until(() => lab.isCompleted(answer.id), waits.invalidation, waits.api)
          .then((took) => took && performance.now() - start),
      ]);
      effectiveAfter.push(seen[0]);
      completedAfter.push(seen[1]);
    }
    const looks = `looked every ${secondsOf(waits.view)}`;
    return [
      {
        question: 'How long until an invalidation is effective?',
        answer: each(effectiveAfter),
        seen: `here; ${looks}`,
      },
      {
        question: 'How long until it is Completed?',
        answer: each(completedAfter),
        seen: `asked every ${secondsOf(waits.api)}`,
      },
    ];
  },
};

function each(all: readonly (number | undefined)[]): string {
  const times = all.map((ms) => (ms === undefined ? 'not in time' : secondsOf(ms)));
  return times.join(', ') || 'not measured: nothing was cached, or accepted';
}

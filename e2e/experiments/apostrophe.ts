import type { Experiment } from '../finding';
import { UNWATCHED } from '../target';
import { describeEffects, flushes } from './flushes';

export const apostrophe: Experiment = {
  name: 'apostrophe',
  paths: 1,
  async run(lab) {
    const key = `${UNWATCHED}it's.html`;
    const invalidated = `/${key}`;
    const viewed = [invalidated, `/${UNWATCHED}it%27s.html`];
    const { answer, effects } = await flushes(lab, { key, invalidated, viewed });
    return [
      {
        question: "Is ' accepted in a path?",
        answer: answer.kind === 'accepted' ? 'yes' : `no: ${answer.name}`,
        seen: describeEffects(effects),
      },
    ];
  },
};

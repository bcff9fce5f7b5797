import type { Experiment } from '../finding';
import { secondsOf } from '../lab';
import { WATCHED } from '../target';

export const freshness: Experiment = {
  name: 'freshness',
  isPromise: true,
  invalidatorPaths: 2,
  async run(lab) {
    const key = `${WATCHED}page.html`;
    const body = async () => (await lab.view(`/${key}`)).body;
    await lab.put(key, 'old');
    const wasServed = await lab.until(async () => (await body()) === 'old', lab.waits.pipeline, lab.waits.view);
    await lab.put(key, 'new');
    const took = await lab.until(async () => (await body()) === 'new', lab.waits.pipeline, lab.waits.view);
    return [
      {
        question: 'A changed object is fresh, without anybody doing anything',
        answer: took === undefined ? 'it is stale' : `after ${secondsOf(took)}`,
        seen: wasServed === undefined ? 'the old one was never served' : 'seen by a viewer here',
        kept: wasServed !== undefined && took !== undefined,
      },
    ];
  },
};

import type { Experiment } from '../finding';
import { WATCHED } from '../target';

const OBJECTS = 60;

export const pollers: Experiment = {
  name: 'pollers',
  // A wildcard for each batch.
  invalidatorPaths: 8,
  async run(lab) {
    const start = Date.now();
    const keys = Array.from({ length: OBJECTS }, (_, at) => `${WATCHED}deploy/${at}.html`);
    await Promise.all(keys.map((key) => lab.put(key, 'deployed')));
    let batches: number[] = [];
    let paths = 0;
    const isHandled = async () => {
      const log = await lab.target.logSince(start);
      paths = log
        .filter(({ message }) => message === 'Invalidation accepted')
        .reduce((sum, { pathCount }) => sum + Number(pathCount), 0);
      batches = log
        .filter(({ message }) => message === 'Batch handled')
        .map(({ messageCount, failedCount }) => Number(messageCount) - Number(failedCount))
        .filter((count) => count > 0);
      return batches.reduce((sum, count) => sum + count, 0) >= OBJECTS;
    };
    const took = await lab.until(isHandled, lab.waits.pipeline, lab.waits.api);
    const sizes = batches.toSorted((a, b) => b - a).join(', ');
    return [
      {
        question: `Do five pollers split a deploy of ${OBJECTS} objects?`,
        answer: took === undefined ? 'unclear: not all were handled in time' : batches.length > 1 ? 'yes' : 'no',
        seen: `batches of ${sizes || 'none'} messages, ${paths} paths; window ${lab.target.maxBatchingWindow} s`,
      },
    ];
  },
};

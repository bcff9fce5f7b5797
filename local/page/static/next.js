import { count } from './format.js';

const ENDED =
  'The local run has ended, and what is below is what was last heard. npm start runs it again: this page goes on by itself.';

/** What is going on, and what to do next, in a sentence or two. */
export function nextStep(snapshot, isLive) {
  if (!snapshot) return 'Connecting to the local run …';
  const { waiting, staleCount, batches, folder, byScript, maxBatchingWindow, broken } = snapshot;
  if (broken) return 'The stack is of no more use. End it, and start it again with npm start.';
  if (!isLive) return ENDED;
  const stale =
    staleCount > 0 ? ` ${count(staleCount, 'page')} ${staleCount === 1 ? 'is' : 'are'} stale until then.` : '';
  if (batches.some(({ doneAt }) => doneAt === undefined))
    return `The function is handling ${count(batches.filter(({ doneAt }) => doneAt === undefined).length, 'batch')}.${stale}`;
  const [newest] = batches;
  if (waiting > 0 && newest?.returned > 0)
    return `${count(waiting, 'change')} will be retried: choose the newest batch to see why.${stale}`;
  if (waiting > 0)
    return `${count(waiting, 'changed object')} on the way: changes are gathered for ${maxBatchingWindow} s, then invalidated.${stale}`;
  if (byScript) return 'A script changes objects: watch them go from stale to fresh. There is nothing to do.';
  const where = folder === undefined ? 'an object in the bucket' : `a file in ${folder}`;
  return batches.length === 0
    ? `Change ${where}, and watch its page go from stale to fresh.`
    : `Every change is covered. Change ${where} again, or look at the batches below.`;
}

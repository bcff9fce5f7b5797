import { count } from './format.js';

/**
 * What is going on, and what to do next: a sentence or two.
 *
 * @returns {{ text: string, command?: string, hint?: string }} with a command to copy where there is one to run
 */
export function nextStep(snapshot, isLive) {
  if (!snapshot) return { text: 'Connecting to the local run …' };
  const { freshCount, batches, byScript, dryRun, broken } = snapshot;
  if (broken)
    return { text: 'The stack is of no more use. End it with ctrl-C, and start it again.', ...again(snapshot) };
  if (!isLive) {
    const text = 'The local run has ended. Below is what was last seen.';
    // What was to be done next is still to be done.
    return freshCount > 0
      ? onward(snapshot, text)
      : { text: `${text} Start it again: this page goes on by itself.`, ...again(snapshot) };
  }
  const underWay = progress(snapshot);
  if (underWay) return { text: underWay };
  if (byScript) return { text: 'A script changes objects: watch them go from stale to fresh. There is nothing to do.' };
  if (dryRun && batches.length > 0)
    return {
      text: 'A dry run: nothing was invalidated, and stale pages stay stale. To see them become fresh, run it without dryRun.',
      ...again(snapshot),
    };
  return freshCount > 0 ? onward(snapshot, 'It works: what was stale is fresh.') : firstChange(snapshot);
}

/** What to wait for; undefined: nothing. */
function progress({ waiting, staleCount, batches, maxBatchingWindow, dryRun }) {
  const stale =
    staleCount > 0 ? ` ${count(staleCount, 'page')} ${staleCount === 1 ? 'is' : 'are'} stale until then.` : '';
  const open = batches.filter(({ doneAt }) => doneAt === undefined);
  if (open.length > 0) return `The function is handling ${count(open.length, 'batch')}.${stale}`;
  if (waiting > 0 && batches[0]?.returned > 0)
    return `${count(waiting, 'change')} will be retried: choose the newest batch to see why.${stale}`;
  if (waiting > 0)
    return `${count(waiting, 'changed object')} on the way: changes are gathered for ${maxBatchingWindow} s, then invalidated.${stale}`;
  if (staleCount > 0 && !dryRun)
    return `Every change is covered: ${count(staleCount, 'page')} will be fresh when the edge has dropped the old copy.`;
  return undefined;
}

/** Until a page has gone from stale to fresh. */
function firstChange({ folder, isSample, objects, batches }) {
  if (objects === 0 && folder !== undefined)
    return { text: `Put a file into ${folder}: it is uploaded to the bucket.` };
  const where = folder === undefined ? 'an object in the bucket' : `a file in ${folder}`;
  const text =
    batches.length === 0
      ? `Change ${where}, and watch its page go from stale to fresh.`
      : `Every change is covered, and no page was stale. Change ${where} that was there before.`;
  if (!isSample || !isPlain(folder)) return { text };
  return {
    text,
    command: `echo '<p>Changed.</p>' >> ${folder}/index.html`,
    hint: `In another terminal, or in your editor. Later, git restore ${folder} takes it back.`,
  };
}

/** From the sample site to one's own, and from there to AWS. */
function onward({ isSample, byScript }, text) {
  return isSample
    ? {
        text: `${text} Next, try your own site. ${byScript ? '' : 'End this run with ctrl-C, then:'}`.trim(),
        command: 'npm start -- DIR',
        hint: 'DIR is the folder of your built site. To see more of this one first, change many files, or delete one.',
      }
    : {
        text: `${text} Next, deploy to your AWS account, in the folder of this project:`,
        command: 'npx cdk deploy',
        hint: 'This creates a complete small site. To attach to your own bucket, see docs/deploy.md; without the CDK, docs/without-cdk.md.',
      };
}

/** The command that was the beginning, as far as it is known. */
function again({ isSample, folder }) {
  if (isSample) return { command: 'npm start' };
  return isPlain(folder) ? { command: `npm start -- ${folder}` } : {};
}

/** Whether every shell takes it as it is. */
function isPlain(path) {
  return path !== undefined && /^[\w./][\w./-]*$/.test(path);
}

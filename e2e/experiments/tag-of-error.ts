import type { Experiment } from '../finding';
import { type Lab, secondsOf } from '../lab';
import { UNWATCHED } from '../target';

/** An object that comes after its error was cached: what flushes the error? The invalidated path shows that something can. */
export const tagOfError: Experiment = {
  name: 'tag-of-error',
  paths: 2,
  async run(lab) {
    const tag = await freshAfter(lab, 'tag.html', '#lab-late');
    const path = await freshAfter(lab, 'path.html', `/${UNWATCHED}late-path.html`);
    const isTold = typeof tag === 'number' || typeof path === 'number';
    return [
      {
        question: 'Does a tag flush a cached 404 (or 403) of an object that bears it now?',
        answer: typeof tag === 'number' ? 'yes' : isTold ? 'no' : 'unclear: the path did not either',
        seen: `by tag: ${inWords(tag)}; by path: ${inWords(path)}`,
      },
    ];
  },
};

/** @returns ms from the invalidation until the object is served, or why that cannot be said */
async function freshAfter(lab: Lab, name: string, invalidated: string): Promise<number | string> {
  const key = `${UNWATCHED}late-${name}`;
  const start = performance.now();
  const isServed = async () => (await lab.view(`/${key}`)).status === 200;
  if (await isServed()) return 'was there before';
  await lab.put(key, 'new', 'lab-late');
  if (await isServed()) return 'the error was not cached';
  const answer = await lab.invalidate([invalidated]);
  if (answer.kind === 'refused') return answer.name;
  const left = Math.max(0, lab.waits.heldError - (performance.now() - start));
  return (await lab.until(isServed, left, lab.waits.view)) ?? 'not before the error expires';
}

function inWords(seen: number | string): string {
  return typeof seen === 'number' ? `after ${secondsOf(seen)}` : seen;
}

import { byId, element, redraw } from './dom.js';
import { clock, seconds } from './format.js';

let found;
let asked = '';

/** The newest changes, or those of the objects whose keys hold what is written in the field. */
export function drawStories(newest) {
  const text = byId('object').value;
  const shown = text === '' ? newest : found;
  if (text !== '') void find(text);
  if (shown) redraw('stories', [text, shown], () => storiesList(shown, text));
}

/** One request at a time; the next snapshot asks again. */
async function find(text) {
  if (asked !== '') return;
  asked = text;
  try {
    const answer = await fetch(`stories?holding=${encodeURIComponent(text)}`);
    if (answer.ok) found = await answer.json();
  } catch {
    // The stream says it when the local run has ended.
  } finally {
    asked = '';
  }
  const now = byId('object').value;
  if (now !== text && now !== '') await find(now);
  else if (found && now === text) redraw('stories', [text, found], () => storiesList(found, text));
}

function storiesList(stories, text) {
  if (stories.length > 0) return stories.map(storyItem);
  const why = text === '' ? 'No object has changed yet.' : 'No object that has changed lately has that in its key.';
  return [element('li', {}, why)];
}

function storyItem(story) {
  const steps = stepsOf(story).map(([name, words, isMissing]) =>
    element('li', isMissing ? { class: 'missing' } : {}, element('strong', {}, name), ` ${words}`),
  );
  return element('li', {}, element('code', {}, story.key), element('ol', { class: 'steps' }, ...steps));
}

/** Change → message → batch → invalidation → fresh: each with its words, and whether it is still to come. */
function stepsOf({ changedAt, isGone, message, batch, invalidation, returned, needsNone, isStale, freshAfter }) {
  const steps = [['change', `${isGone ? 'deleted' : 'uploaded'} at ${clock(changedAt)}`]];
  steps.push(
    message
      ? ['message', `${message.id}${message.receives > 1 ? `, received ${message.receives} times` : ''}`]
      : ['message', 'in the queue, in no batch yet', true],
  );
  steps.push(batch ? ['batch', `of ${clock(batch.at)}`] : ['batch', 'none yet', true]);
  if (returned) steps.push(['returned', `to the queue: ${returned.why}`]);
  if (invalidation) steps.push(['invalidation', invalidationWords(invalidation)]);
  else if (needsNone) steps.push(['invalidation', 'needs none']);
  else steps.push(['invalidation', returned ? 'after the retry' : 'none yet', true]);
  if (isStale) steps.push(['fresh', 'not yet: the edge serves the old one', true]);
  else if (freshAfter !== undefined) steps.push(['fresh', `${seconds(freshAfter)} after the change`]);
  else steps.push(['fresh', invalidation ? 'its page is not watched' : 'not seen yet', true]);
  return steps;
}

function invalidationWords({ id, at, path, kind }) {
  const how = { sent: '', earlier: ', sent for others', 'dry-run': ', left out by the dry run' }[kind];
  return `${id} at ${clock(at)}${path === undefined ? '' : ` by ${path}`}${how}`;
}

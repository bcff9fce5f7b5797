import { byId, element } from './dom.js';
import { clock, count, number, pathsAndWildcards, seconds } from './format.js';

/** The value of the choice that goes with the newest batch. */
export const NEWEST = 'newest';
export const BUCKET = 'bucket';

/** What is chosen: a batch's number, {@link NEWEST} or {@link BUCKET}. */
export function chosen() {
  return new FormData(byId('batches')).get('batch') ?? NEWEST;
}

const FIXED = [
  { value: NEWEST, title: 'The newest batch', detail: 'as they come' },
  { value: BUCKET, title: 'The bucket as it is', detail: 'without a plan' },
];

/** Lists the choices. Those that are there stay, and with them the focus. */
export function listBatches(batches) {
  const list = byId('choices');
  const wanted = [
    ...FIXED,
    ...batches.map((batch) => ({
      value: String(batch.number),
      title: `${clock(batch.at)}: ${count(batch.changed, 'object')}`,
      detail: inShort(batch),
      counts: batch.counts,
    })),
  ];
  const present = new Map(Array.from(list.children, (label) => [label.dataset.value, label]));
  const choice = chosen();
  for (const [at, { value, title, detail, counts }] of wanted.entries()) {
    const label = present.get(value) ?? element('label', { 'data-value': value });
    present.delete(value);
    const text = JSON.stringify([title, detail, counts]);
    if (label.dataset.text !== text) {
      label.dataset.text = text;
      const input = label.querySelector('input') ?? element('input', { type: 'radio', name: 'batch', value });
      if (!input.isConnected) input.checked = value === choice;
      for (const child of [...label.children]) if (child !== input) child.remove();
      if (!input.isConnected) label.append(input);
      label.append(element('span', {}, title), element('small', {}, detail));
    }
    if (list.children[at] !== label) list.insertBefore(label, list.children[at] ?? null);
  }
  for (const label of present.values()) label.remove();
  if (!list.querySelector(':checked')) list.querySelector('input').checked = true;
}

/** What a batch does while it, or another one, holds the lease of its distribution. */
const STAGES = { own: 'planning', other: 'waiting for the lease' };

function inShort({ paths, wildcards, at, doneAt, returned, reasons, lease, waited, failure }) {
  const sent = paths === 0 ? 'no path' : pathsAndWildcards(paths, wildcards);
  const back = returned > 0 ? `; ${count(returned, 'message')} to be retried${whyOf(reasons.slice(0, 1))}` : '';
  if (failure) return `to be retried: ${failure}`;
  return `${sent}${back}; ${doneAt === undefined ? (STAGES[lease] ?? 'in progress') : seconds(doneAt - at)}${waitingWords(waited)}`;
}

function waitingWords(waited) {
  return waited > 0 ? `, waited ${seconds(waited)} for the lease` : '';
}

/** `: Rate exceeded (2 messages), Access denied (1 message)` */
function whyOf(reasons) {
  if (reasons.length === 0) return '';
  if (reasons.length === 1) return `: ${reasons[0].why.replace(/\.$/, '')}`;
  return `: ${reasons.map(({ why, messages }) => `${why.replace(/\.$/, '')} (${count(messages, 'message')})`).join(', ')}`;
}

/** What a batch came to, in a sentence or three. */
export function inWords(batch) {
  if (batch.failure) return `All ${count(batch.messages, 'message')} will be retried: ${batch.failure}`;
  const changed = `${count(batch.changed, 'object')} changed`;
  if (!batch.counts) return `${changed}. The function is handling it: ${count(batch.paths, 'path')} so far.`;
  const [, , earlier = 0, , evicted = 0] = batch.counts;
  const cover =
    batch.paths === 0
      ? 'no path was sent'
      : batch.returned > 0
        ? `${count(batch.paths, 'path')} ${batch.paths === 1 ? 'was' : 'were'} sent`
        : `${count(batch.paths, 'path')} ${batch.paths === 1 ? 'covers' : 'cover'} ${batch.changed === 1 ? 'it' : 'them'}`;
  const before = earlier > 0 ? `; ${number(earlier)} of them are covered by an earlier invalidation` : '';
  const evictions =
    evicted === 0 ? 'No unchanged object was evicted.' : `${count(evicted, 'unchanged object')} evicted.`;
  const listed =
    batch.listedPages > 0 ? ` The function listed ${count(batch.listedPages, 'page')} of the bucket to decide.` : '';
  const back = batch.returned > 0 ? ` ${count(batch.returned, 'message')} will be retried${whyOf(batch.reasons)}.` : '';
  return `${changed}, and ${cover}${before}. ${evictions}${listed}${back}`;
}

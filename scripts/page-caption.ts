import { count } from '../cli/count';
import { MARKS } from '../local/page/marks';
import type { BatchSummary, Snapshot } from '../local/page/snapshot';

/**
 * What the picture of the page shows, in words for who does not see it.
 *
 * @param chosen the batch whose plan is drawn
 * @param batches those of the deploy that the picture is of
 */
export function captionOf(snapshot: Snapshot, chosen: BatchSummary, batches: readonly BatchSummary[]): string {
  const { objects, freshCount, bill } = snapshot;
  const changed = batches.reduce((sum, batch) => sum + batch.changed, 0);
  const evicted = chosen.counts?.[MARKS.indexOf('evicted')] ?? 0;
  return [
    'The page of a local run, with a number at each stop of the tour.',
    `The bucket has ${count(objects, 'object')}; ${number(changed)} have changed, and arrived in ${number(batches.length)} ${batches.length === 1 ? 'batch' : 'batches'}.`,
    `The chosen batch has sent ${count(chosen.wildcards, 'wildcard')}, drawn at ${chosen.wildcards === 1 ? 'its folder' : 'their folders'}: ${count(evicted, 'unchanged object')} evicted.`,
    `In all, ${count(bill.paths, 'path')} cost ${dollars(bill.dollars)}, where one path per URL would be ${number(bill.urls)} paths and ${dollars(bill.dollarsForEach)}.`,
    `At the edge, ${count(freshCount, 'page')} went from stale to fresh, and the next step is to deploy.`,
  ].join(' ');
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function dollars(value: number): string {
  return `$${value.toFixed(2)}`;
}

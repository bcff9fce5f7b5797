import { element } from './dom.js';
import { clock, count, dollars, number, pathsAndWildcards, seconds } from './format.js';
import { pathsCell } from './paths.js';

/** One tile for each question that a glance should answer. */
export function tiles(snapshot) {
  const { queue, inProgress, bill, staleCount, freshCount, application } = snapshot;
  return [
    tile('Objects in the bucket', number(snapshot.objects), waitingWords(snapshot.waiting)),
    tile(
      'Messages in the queue',
      queue ? number(queue.visible + queue.received) : '–',
      queue ? `${number(queue.received)} received, ${number(queue.dead)} dead letters` : 'not read yet',
    ),
    tile(
      'Invalidations in progress',
      number(inProgress.invalidations),
      pathsAndWildcards(inProgress.paths, inProgress.wildcards),
    ),
    tile('Stale pages at the edge', number(staleCount), `${number(freshCount)} made fresh, of those watched`),
    ...(application
      ? [
          tile(
            "The application's pages",
            `${application.cached} of ${application.total}`,
            'cached after an invalidation',
          ),
        ]
      : []),
    tile('Paid so far', dollars(bill.dollars), inFull(bill.paths, bill.inFull)),
    tile('One path per URL', dollars(bill.dollarsForEach), inFull(bill.urls, bill.inFullForEach)),
  ];
}

/** Most months have fewer than the free ones: what they would be without is what can be compared. */
function inFull(paths, price) {
  return `${count(paths, 'path')}; ${dollars(price)} if none were free`;
}

function waitingWords(waiting) {
  return waiting === 0 ? 'no change is waiting' : `${number(waiting)} changed, not covered yet`;
}

function tile(name, value, detail) {
  return element(
    'div',
    {},
    element('dt', {}, name),
    element('dd', { class: 'number' }, value),
    element('dd', { class: 'detail' }, detail),
  );
}

/** The pages that were stale, the newest first. */
export function pagesTable(pages) {
  if (pages.length === 0) return [emptyCaption('Change an object, and its page is here: stale, then fresh.')];
  return table(
    ['Page', 'changed at', 'at the edge'],
    pages.map(({ path, changedAt, freshAfter }) => [
      element('code', {}, path),
      clock(changedAt),
      freshAfter === undefined ? '○ stale' : `● fresh after ${seconds(freshAfter)}`,
    ]),
  );
}

/**
 * Those in progress, and the newest of the others.
 *
 * @param redrawAll draws them again, when the other paths of one have come
 */
export function invalidationsTable(invalidations, redrawAll) {
  if (invalidations.length === 0) return [emptyCaption('None yet.')];
  return table(
    ['Id', 'created at', 'paths', 'status'],
    invalidations.map((each) => [
      element('code', {}, each.id),
      clock(each.createTime),
      pathsCell(each, redrawAll),
      each.inProgress ? '○ in progress' : '● completed',
    ]),
  );
}

function table(heads, rows) {
  return [
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
    element('tbody', {}, ...rows.map((cells) => element('tr', {}, ...cells.map(cellUnder(heads))))),
  ];
}

/** Where a table is too narrow for columns, each cell says itself what it is. */
function cellUnder(heads) {
  return (cell, at) => element('td', { 'data-head': heads[at] }, cell);
}

function emptyCaption(text) {
  return element('tbody', {}, element('tr', {}, element('td', {}, text)));
}

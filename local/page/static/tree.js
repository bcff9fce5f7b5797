import { element } from './dom.js';
import { count, number } from './format.js';

/** In the order in which the server counts. */
const MARKS = [
  { name: 'path', group: 'changed', label: 'exact path' },
  { name: 'wildcard', group: 'changed', label: 'wildcard' },
  { name: 'earlier', group: 'changed', label: 'earlier' },
  { name: 'waiting', group: 'changed', label: 'waiting' },
  { name: 'evicted', group: 'unchanged', label: 'evicted' },
  { name: 'untouched', group: 'unchanged', label: 'kept' },
];

const GROUPS = { changed: 'Changed, covered by', unchanged: 'Unchanged' };

const LONGEST_INDENT = 8;

/** The bucket's tree as a table: its bars are for the eye, its numbers for everybody. */
export function treeTable(rows) {
  const [root] = rows;
  if (!root) return [];
  const present = MARKS.map((mark, at) => ({ ...mark, at })).filter(({ at }) => root.counts[at] > 0);
  const largest = Math.sqrt(sum(root.counts));
  const groups = Object.entries(GROUPS)
    .map(([group, label]) => ({ label, width: present.filter((mark) => mark.group === group).length }))
    .filter(({ width }) => width > 0);
  const heads = [
    element('th', { scope: 'col', rowspan: '2', class: 'name' }, 'Folder'),
    element('th', { scope: 'col', rowspan: '2', class: 'bars' }, 'Objects'),
    ...groups.map(({ label, width }) =>
      element('th', { scope: 'colgroup', colspan: String(width), class: 'group' }, label),
    ),
  ];
  const marks = present.map(({ name, label }) =>
    element('th', { scope: 'col', class: 'count' }, element('i', { class: `swatch mark-${name}` }), label),
  );
  const lines = rows.map((row) => {
    const name = row.kind === 'more' ? `… and ${number(Number(row.name))} more` : row.name;
    const header = element('th', { scope: 'row' }, name);
    header.style.paddingLeft = `${Math.min(row.depth, LONGEST_INDENT) * 18}px`;
    for (const path of row.wildcards)
      header.append(' ', element('code', { class: 'wildcard', title: 'a wildcard of the plan' }, path));
    if (row.furtherWildcards > 0) header.append(` and ${count(row.furtherWildcards, 'more wildcard')}`);
    const cells = present.map(({ at }) => {
      const value = row.counts[at];
      return element('td', { class: value > 0 ? 'count' : 'count none' }, value > 0 ? number(value) : '–');
    });
    const bars = element('td', { class: 'bars' }, bar(row.counts, Math.sqrt(sum(row.counts)) / largest));
    return element('tr', { class: row.kind }, header, bars, ...cells);
  });
  return [
    element('thead', {}, element('tr', {}, ...heads), element('tr', {}, ...marks)),
    element('tbody', {}, ...lines),
  ];
}

/** Objects by their marks, side by side. */
export function bar(counts, width) {
  const made = element('div', { class: 'bar', 'aria-hidden': 'true' });
  made.style.width = `${Math.max(0.02, width) * 100}%`;
  for (const [at, { name }] of MARKS.entries()) {
    if (!counts[at]) continue;
    const part = element('i', { class: `mark-${name}` });
    part.style.flexGrow = String(counts[at]);
    made.append(part);
  }
  return made;
}

function sum(counts) {
  return counts.reduce((total, each) => total + each, 0);
}

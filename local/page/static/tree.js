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

/** What of a tree was unfolded, by the folders it is in. */
const unfolded = new Set();

/** Another run has another tree. */
export function forgetFolded() {
  unfolded.clear();
}

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
  const lineOf = (row) => {
    const name = row.kind === 'more' ? `… and ${number(Number(row.name))} more` : row.name;
    const header = element('th', { scope: 'row' });
    header.style.setProperty('--depth', String(Math.min(row.depth, LONGEST_INDENT)));
    header.append(row.kind === 'more' && row.folded.length > 0 ? element('button', { type: 'button' }, name) : name);
    for (const path of row.wildcards)
      header.append(' ', element('code', { class: 'wildcard', title: 'a wildcard of the plan' }, path));
    if (row.furtherWildcards > 0) header.append(` and ${count(row.furtherWildcards, 'more wildcard')}`);
    const cells = present.map(({ at, label, group }) => {
      const value = row.counts[at];
      const head = group === 'changed' ? `changed, ${label}` : label;
      return element(
        'td',
        { class: value > 0 ? 'count' : 'count none', 'data-head': head },
        value > 0 ? number(value) : '–',
      );
    });
    const bars = element('td', { class: 'bars' }, bar(row.counts, Math.sqrt(sum(row.counts)) / largest));
    return element('tr', { class: row.kind }, header, bars, ...cells);
  };
  const above = [];
  const lines = rows.flatMap((row) => {
    const line = lineOf(row);
    above.splice(row.depth, above.length, row.name);
    if (row.kind !== 'more' || row.folded.length === 0) return [line];
    const folder = above.slice(0, row.depth).join('');
    return [line, ...unfolding(row, line, folder, lineOf)];
  });
  return [
    element('thead', {}, element('tr', {}, ...heads), element('tr', {}, ...marks)),
    element('tbody', {}, ...lines),
  ];
}

/** The lines that a button shows and hides; only those that are shown are in the document. */
function unfolding(row, line, folder, lineOf) {
  const button = line.querySelector('button');
  const further = Number(row.name) - row.folded.length;
  const hidden = row.folded.map(lineOf);
  if (further > 0) {
    const cell = element('th', { scope: 'row' }, `${count(further, 'other')} not listed here`);
    cell.style.setProperty('--depth', String(Math.min(row.depth + 1, LONGEST_INDENT)));
    hidden.push(element('tr', { class: 'more' }, cell));
  }
  button.dataset.focus = folder;
  const isOpen = unfolded.has(folder);
  button.setAttribute('aria-expanded', String(isOpen));
  button.addEventListener('click', () => {
    const opens = !unfolded.delete(folder);
    if (opens) {
      unfolded.add(folder);
      line.after(...hidden);
    } else for (const each of hidden) each.remove();
    button.setAttribute('aria-expanded', String(opens));
  });
  return isOpen ? hidden : [];
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

import { element } from './dom.js';
import { number } from './format.js';

/** The invalidations whose other paths are shown, with those paths once they have come. */
const opened = new Map();

/** Another run has other invalidations. */
export function forgetPaths() {
  opened.clear();
}

/** What of the paths is shown besides the first few. */
export function shownPaths() {
  return [...opened].map(([id, paths]) => [id, paths?.length]);
}

/** The first paths of an invalidation; the others open. */
export function pathsCell({ id, paths, pathCount }, redrawAll) {
  const cell = element('div', { class: 'paths' });
  for (const path of paths) cell.append(code(path), ' ');
  const others = pathCount - paths.length;
  if (others <= 0) return cell;
  const details = element('details', {}, element('summary', { 'data-focus': id }, `and ${number(others)} more`));
  details.open = opened.has(id);
  const all = opened.get(id);
  if (all) {
    for (const path of all.slice(paths.length)) details.append(code(path), ' ');
    if (pathCount > all.length) details.append(`and ${number(pathCount - all.length)} that are not shown`);
  }
  details.addEventListener('toggle', () => {
    if (!details.open) opened.delete(id);
    else if (!opened.has(id)) void open(id, redrawAll);
  });
  cell.append(details);
  return cell;
}

/** A path, or a cache tag. */
function code(path) {
  const attributes = path.startsWith('#') ? { class: 'tag', title: 'everything with this cache tag' } : {};
  return element('code', attributes, path);
}

async function open(id, redrawAll) {
  opened.set(id, undefined);
  try {
    const answer = await fetch(`invalidations/${id}`);
    if (answer.ok && opened.has(id)) opened.set(id, await answer.json());
  } catch {
    opened.delete(id);
  }
  redrawAll();
}

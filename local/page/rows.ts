import { printable } from '../../cli/printable';
import { MARKS } from './marks';
import { type Counts, concerned, type Folder, total } from './tree';

/** A line of the drawn tree. */
export interface Row {
  readonly kind: 'folder' | 'object' | 'more';
  /** Fit to be shown; how many more, for `more`. */
  readonly name: string;
  readonly depth: number;
  readonly counts: Counts;
  /** The wildcards that end here, or in what is folded here; the first few. */
  readonly wildcards: readonly string[];
  readonly furtherWildcards: number;
  /** Of `more`: the first of those that it stands for, each a line of its own when they are unfolded. */
  readonly folded: readonly Row[];
}

/** Most lines that one line unfolds to. */
const MOST_FOLDED = 20;

/** Most lines of a drawing, however large the bucket is. */
export const MOST_ROWS = 40;

/** Most children of one folder that are shown; the others are counted. */
const MOST_CHILDREN = 8;

/** Of those, most objects where there are more: one is like another. */
const MOST_OBJECTS = 3;

/** Folders of one kind of object are unfolded up to so many. */
const FEW_ALIKE = 6;

/** Deeper folders are not unfolded. */
const DEEPEST = 12;

const LONGEST_NAME = 120;
const MOST_WILDCARDS = 3;

/**
 * The lines that tell most of a tree, in the order of the keys: those folders are unfolded in which most is changed or
 * evicted, as long as there is room. What is left out is counted, so that the lines of a folder add up to it.
 */
export function rowsOf(root: Folder): Row[] {
  const quiet = concerned(root.counts) === 0;
  const worth = ({ counts }: Folder) => (quiet ? total(counts) : concerned(counts));
  const unfolded = new Map<Folder, Child[]>();
  let room = MOST_ROWS - 1;
  const open: { folder: Folder; depth: number }[] = [{ folder: root, depth: 0 }];
  while (open.length > 0) {
    open.sort((a, b) => worth(b.folder) - worth(a.folder));
    const next = open.shift();
    if (!next) break;
    const { folder, depth } = next;
    const all = childrenOf(folder);
    const shown = worthMost(all, quiet);
    const lines = shown.length + (all.length > shown.length ? 1 : 0);
    const few = total(folder.counts) <= FEW_ALIKE;
    const isDull = isAlike(folder.counts) && !few && !(depth === 0 || (quiet && folder.folders.size > 0));
    if (isDull || depth > DEEPEST || lines > room) continue;
    room -= lines;
    unfolded.set(folder, shown);
    for (const child of shown)
      if (child.folder && worth(child.folder) > 0) open.push({ folder: child.folder, depth: depth + 1 });
  }

  const rows: Row[] = [];
  function draw(folder: Folder, name: string, depth: number): void {
    const shown = unfolded.get(folder);
    const wildcards = shown ? folder.wildcards : allWildcards(folder);
    rows.push(row('folder', name, depth, folder.counts, wildcards));
    if (!shown) return;
    const left = [...folder.counts];
    for (const child of shown.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (child.folder) draw(child.folder, child.name, depth + 1);
      else rows.push(row('object', child.name, depth + 1, child.counts, []));
      child.counts.forEach((count, at) => {
        left[at] = (left[at] ?? 0) - count;
      });
    }
    if (total(left) === 0) return;
    const hidden = childrenOf(folder).filter((child) => !shown.some(({ name }) => name === child.name));
    const folded = hidden.flatMap((child) => (child.folder ? allWildcards(child.folder) : []));
    const first = hidden
      .toSorted((a, b) => weight(b, quiet) - weight(a, quiet))
      .slice(0, MOST_FOLDED)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((child) => row(child.folder ? 'folder' : 'object', child.name, depth + 2, child.counts, []));
    rows.push({ ...row('more', String(hidden.length), depth + 1, left, folded), folded: first });
  }
  draw(root, root.name, 0);
  return rows;
}

interface Child {
  readonly name: string;
  readonly counts: Counts;
  readonly folder?: Folder;
}

function childrenOf({ folders, objects }: Folder): Child[] {
  const children: Child[] = Array.from(folders.values(), (folder) => {
    const { inner, name } = throughOnlyChildren(folder);
    return { name, counts: inner.counts, folder: inner };
  });
  for (const [name, mark] of objects) {
    children.push({ name, counts: MARKS.map((each) => (each === mark ? 1 : 0)) });
  }
  return children;
}

/** A folder that holds nothing but one folder is one line with it. */
function throughOnlyChildren(folder: Folder): { inner: Folder; name: string } {
  let inner = folder;
  let name = folder.name;
  while (inner.folders.size === 1 && inner.objects.size === 0 && inner.wildcards.length === 0) {
    const [only] = inner.folders.values();
    if (!only) break;
    inner = only;
    name += only.name;
  }
  return { inner, name };
}

function worthMost(children: readonly Child[], quiet: boolean): Child[] {
  if (children.length <= MOST_CHILDREN) return [...children];
  const sorted = children.toSorted((a, b) => weight(b, quiet) - weight(a, quiet));
  const folders = sorted.filter(({ folder }) => folder);
  const objects = sorted.filter(({ folder }) => !folder);
  return [
    ...folders.slice(0, MOST_CHILDREN - MOST_OBJECTS),
    ...objects.slice(0, MOST_OBJECTS),
    ...folders.slice(MOST_CHILDREN - MOST_OBJECTS),
  ].slice(0, MOST_CHILDREN);
}

function weight({ counts, folder }: Child, quiet: boolean): number {
  return (quiet ? 0 : concerned(counts) * 1e6) + (folder ? total(counts) : 0);
}

function isAlike(counts: Counts): boolean {
  return counts.filter((count) => count > 0).length <= 1;
}

function allWildcards({ wildcards, folders }: Folder): string[] {
  return [...wildcards, ...Array.from(folders.values()).flatMap(allWildcards)];
}

function row(kind: Row['kind'], name: string, depth: number, counts: Counts, wildcards: readonly string[]): Row {
  return {
    kind,
    name: legible(name),
    depth,
    counts: [...counts],
    wildcards: wildcards.slice(0, MOST_WILDCARDS).map(legible),
    furtherWildcards: Math.max(0, wildcards.length - MOST_WILDCARDS),
    folded: [],
  };
}

/** Text of others, such as a key, as the page can show it: nothing in it steers, and it has an end. */
export function legible(text: string): string {
  const shown = printable(text.slice(0, LONGEST_NAME));
  return text.length > LONGEST_NAME ? `${shown}…` : shown;
}

import { MARKS, type Mark } from './marks';

/** How many objects have each mark, in the order of {@link MARKS}. */
export type Counts = readonly number[];

/** A folder of keys, with all that is under it. */
export interface Folder {
  readonly name: string;
  readonly counts: number[];
  readonly folders: Map<string, Folder>;
  readonly objects: Map<string, Mark>;
  /** The wildcards of the plan that end in this folder. */
  readonly wildcards: string[];
}

const UNTOUCHED = MARKS.indexOf('untouched');

/** The tree of a bucket's folders; a key's slashes make them. */
export function growTree(marks: ReadonlyMap<string, Mark>): Folder {
  const root = emptyFolder('/');
  for (const [key, mark] of marks) {
    const at = MARKS.indexOf(mark);
    let folder = root;
    count(folder, at);
    let from = 0;
    for (let slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', from)) {
      folder = childOf(folder, key.slice(from, slash + 1));
      count(folder, at);
      from = slash + 1;
    }
    folder.objects.set(key.slice(from), mark);
  }
  return root;
}

/** Writes a wildcard, given as the beginning of the keys it covers, at the folder in which it ends. */
export function placeWildcard(root: Folder, beginning: string, wildcard: string): void {
  let folder = root;
  let rest = beginning;
  for (let slash = rest.indexOf('/'); slash >= 0; slash = rest.indexOf('/')) {
    const next = folder.folders.get(rest.slice(0, slash + 1));
    if (!next) break;
    folder = next;
    rest = rest.slice(slash + 1);
  }
  const within = Array.from(folder.folders.values()).filter(({ name }) => name.startsWith(rest));
  const object = Array.from(folder.objects.keys()).some((name) => name.startsWith(rest));
  const only = rest !== '' && !object && within.length === 1 ? within[0] : undefined;
  (only ?? folder).wildcards.push(wildcard);
}

/** How many objects a plan is about: all but those it leaves alone. */
export function concerned(counts: Counts): number {
  return total(counts) - (counts[UNTOUCHED] ?? 0);
}

/** All objects. */
export function total(counts: Counts): number {
  return counts.reduce((sum, each) => sum + each, 0);
}

function emptyFolder(name: string): Folder {
  return { name, counts: MARKS.map(() => 0), folders: new Map(), objects: new Map(), wildcards: [] };
}

function childOf(parent: Folder, name: string): Folder {
  const known = parent.folders.get(name);
  if (known) return known;
  const made = emptyFolder(name);
  parent.folders.set(name, made);
  return made;
}

function count({ counts }: Folder, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}

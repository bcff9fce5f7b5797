import { MOST_PATHS, MOST_WILDCARDS, PATHS_PER_SECOND, WILDCARDS_PER_SECOND } from '../contract/quotas';
import type { ServedChange } from '../event/batch';
import { coverage } from '../paths/coverage';
import { beforeUnusual, isTag, isWildcard } from '../paths/viewer-path';

/** Paths that stand or fall together, those of one object or a wildcard of several, and the changes they are for. */
export interface PathGroup {
  readonly paths: readonly string[];
  readonly changes: readonly ServedChange[];
}

/**
 * The path groups of a plan.
 *
 * @throws Error when the plan leaves a path uncovered, which would leave its object stale
 */
export function groupPaths(changes: readonly ServedChange[], plan: readonly string[]): PathGroup[] {
  const coverOf = coverage(plan);
  const covers = changes.flatMap((change) => change.paths.map((path) => ({ change, cover: coverOf(path), path })));
  const uncovered = covers.find(({ cover }) => cover === undefined);
  if (uncovered) throw new Error(`The plan must cover every path, but it does not cover ${uncovered.path}`);
  const byCover = Map.groupBy(covers, ({ cover }) => cover ?? '');
  const groups = Array.from(byCover, ([path, each]) => ({ path, changes: each.map(({ change }) => change) }));
  const byObject = Map.groupBy(groups, ({ path, changes }) => {
    const [name, ...others] = new Set(changes.map(nameOf));
    return others.length === 0 ? name : path;
  });
  return Array.from(byObject.values(), (each) => ({
    paths: each.map(({ path }) => path),
    changes: [...new Set(each.flatMap(({ changes }) => changes))],
  }));
}

/** Two halves; a single group is divided into the objects that it covers. Nothing if that is one. */
export function bisect(groups: readonly PathGroup[]): PathGroup[][] {
  const finer = groups.length === 1 ? objectsOf(groups) : groups;
  if (finer.length < 2) return [];
  const middle = Math.ceil(finer.length / 2);
  return [finer.slice(0, middle), finer.slice(middle)];
}

/** The groups for messages that are received for the first time, and the others. Nothing if all are of one kind. */
export function splitNewFromRetried(groups: readonly PathGroup[]): PathGroup[][] {
  return splitBy(groups, ({ changes }) => changes.every(({ receiveCount }) => receiveCount === 1));
}

function splitBy(groups: readonly PathGroup[], isFirst: (group: PathGroup) => boolean): PathGroup[][] {
  const apart = [groups.filter(isFirst), groups.filter((group) => !isFirst(group))];
  return apart.every((each) => each.length > 0) ? apart : [];
}

/** The paths of some groups, and their cache tags: what cannot be done about the one must not keep back the other. */
export function splitTags(groups: readonly PathGroup[]): PathGroup[][] {
  return splitPaths(groups, (path) => !isTag(path));
}

/** The groups whose paths are all usual, and the others. Nothing if all are of one kind. */
export function splitUsual(groups: readonly PathGroup[]): PathGroup[][] {
  return splitBy(groups, isUsual);
}

/** Whether the paths of a group hold nothing over which CloudFront might stumble. */
export function isUsual({ paths }: PathGroup): boolean {
  return paths.every((path) => beforeUnusual(path) === path);
}

/**
 * Groups with wildcards in place of the paths that hold characters over which CloudFront might stumble: it refused `'` in the past. Each
 * ends before the first of them. Nothing if no path holds any.
 */
export function withoutUnusual(groups: readonly PathGroup[]): PathGroup[] | undefined {
  if (groups.every(isUsual)) return undefined;
  return groups.map(({ paths, changes }) => ({ paths: [...new Set(paths.map(beforeUnusual))], changes }));
}

/** As many requests as it takes for none to exceed what CloudFront takes in a second. */
export function splitByRate(groups: readonly PathGroup[]): PathGroup[][] {
  const requests: PathGroup[][] = [];
  const wildcardsOf = (group: PathGroup) => demandOf([group]).wildcards;
  // The wildcards first: each of them stands for many changes.
  for (const group of groups.flatMap(withinASecond).toSorted((a, b) => wildcardsOf(b) - wildcardsOf(a))) {
    const room = requests.find((request) => passesInASecond([...request, group]));
    if (room) room.push(group);
    else requests.push([group]);
  }
  return requests;
}

function passesInASecond(groups: readonly PathGroup[]): boolean {
  const { paths, wildcards } = demandOf(groups);
  return paths + wildcards <= PATHS_PER_SECOND && wildcards <= WILDCARDS_PER_SECOND;
}

/** Whether some groups fit into one request. A single group always does: it cannot be less. */
export function fitsRequest(groups: readonly PathGroup[]): boolean {
  const { paths, wildcards } = demandOf(groups);
  return groups.length < 2 || (paths + wildcards <= MOST_PATHS && wildcards <= MOST_WILDCARDS);
}

/** What a request of some groups takes of CloudFront's two quotas. */
export function demandOf(groups: readonly PathGroup[]): { readonly paths: number; readonly wildcards: number } {
  const paths = groups.flatMap((group) => group.paths);
  const wildcards = paths.filter(isWildcard).length;
  return { paths: paths.length - wildcards, wildcards };
}

/** The exact paths, and the wildcards: they have separate quotas. */
export function splitByQuota(groups: readonly PathGroup[]): PathGroup[][] {
  return splitPaths(groups, (path) => !isWildcard(path));
}

function splitPaths(groups: readonly PathGroup[], isFirst: (path: string) => boolean): PathGroup[][] {
  const of = (kind: (path: string) => boolean) =>
    groups
      .map(({ paths, changes }) => ({ paths: paths.filter(kind), changes }))
      .filter(({ paths }) => paths.length > 0);
  return [of(isFirst), of((path) => !isFirst(path))].filter((each) => each.length > 0);
}

/** A group itself, or if it has more wildcards than a second takes, one for each of its paths. */
function withinASecond({ paths, changes }: PathGroup): PathGroup[] {
  if (paths.filter(isWildcard).length <= WILDCARDS_PER_SECOND) return [{ paths, changes }];
  return paths.map((path) => ({ paths: [path], changes }));
}

function objectsOf(groups: readonly PathGroup[]): PathGroup[] {
  const changes = groups.flatMap((group) => group.changes);
  return Array.from(Map.groupBy(changes, nameOf).values(), (changes) => ({
    paths: [...new Set(changes.flatMap((change) => change.paths))],
    changes,
  }));
}

function nameOf({ bucket, key }: ServedChange): string {
  return `${bucket}/${key}`;
}

/** The paths of some groups. */
export function pathsOf(groups: readonly PathGroup[]): string[] {
  return [...new Set(groups.flatMap((group) => group.paths))];
}

/** The changes that some groups are for. */
export function changesOf(groups: readonly PathGroup[]): ServedChange[] {
  return [...new Set(groups.flatMap((group) => group.changes))];
}

/** The changes that some groups are for, with those of their paths that these groups cover: what others cover may have been accepted. */
export function openChangesOf(groups: readonly PathGroup[]): ServedChange[] {
  const coverOf = coverage(pathsOf(groups));
  return changesOf(groups).map((change) => ({
    ...change,
    paths: change.paths.filter((path) => coverOf(path) !== undefined),
  }));
}

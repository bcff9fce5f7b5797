import type { Message } from './queue';
import type { Site } from './site';

/** What became of the changes. Times in ms. */
export interface ChangeTracker {
  readonly changes: number;
  /** From each change to an invalidation created after it that covers it; of those that are not covered, nothing. */
  readonly staleness: readonly number[];
  /** Messages that were acknowledged while their change was not covered. */
  readonly lost: number;
  readonly paths: number;
  readonly wildcards: number;
  /** Unchanged objects that wildcards have evicted. */
  readonly evicted: number;
  changed(message: Message): void;
  invalidated(paths: readonly string[], createTime: number): void;
  acknowledged(message: Message): void;
}

/** @param site counts what wildcards cover */
export function trackChanges(site: Pick<Site, 'covered'>): ChangeTracker {
  /** When each path changed, for the changes that are not covered, oldest first. */
  const open = new Map<string, number[]>();
  const staleness: number[] = [];
  let changes = 0;
  let lost = 0;
  let paths = 0;
  let wildcards = 0;
  let evicted = 0;

  function cover(path: string, createTime: number): void {
    const times = open.get(path);
    if (!times) return;
    let covered = 0;
    for (const time of times) {
      if (time > createTime) break;
      staleness.push(createTime - time);
      covered++;
    }
    if (covered === times.length) open.delete(path);
    else times.splice(0, covered);
  }

  return {
    staleness,
    get changes() {
      return changes;
    },
    get lost() {
      return lost;
    },
    get paths() {
      return paths;
    },
    get wildcards() {
      return wildcards;
    },
    get evicted() {
      return evicted;
    },
    changed({ key, changed }) {
      if (key === undefined) return;
      changes++;
      const path = `/${key}`;
      const times = open.get(path);
      if (times) times.push(changed);
      else open.set(path, [changed]);
    },
    invalidated(accepted, createTime) {
      paths += accepted.length;
      for (const path of accepted) {
        if (!path.endsWith('*')) {
          cover(path, createTime);
          continue;
        }
        wildcards++;
        const prefix = path.slice(0, -1);
        const under = [...open.keys()].filter((each) => each.startsWith(prefix));
        evicted += site.covered(path) - under.length;
        for (const each of under) cover(each, createTime);
      }
    },
    acknowledged({ key, changed }) {
      if (key !== undefined && open.get(`/${key}`)?.includes(changed)) lost++;
    },
  };
}

import type { ServedChange } from '../event/batch';
import type { RecentInvalidations } from './recent-invalidations';

/** The changes that are not settled, by whether an invalidation that was created after them covers all their paths. */
export interface Partition {
  readonly open: readonly ServedChange[];
  /** By the ids of the invalidations that cover them. */
  readonly covered: ReadonlyMap<string, readonly ServedChange[]>;
}

/**
 * Tells apart the changes that still need an invalidation and those that are covered already. Those of a message that comes
 * back for another reason alone, such as another distribution, are neither.
 */
export function partition(
  memory: RecentInvalidations,
  distribution: string,
  changes: readonly ServedChange[],
): Partition {
  const open: ServedChange[] = [];
  const covered = new Map<string, ServedChange[]>();
  for (const change of changes) {
    if (memory.isSettled(distribution, change.messageId)) continue;
    const ids = change.paths.map((path) => memory.covering(distribution, path, change.time)?.invalidationId);
    const known = ids.filter((id) => id !== undefined);
    if (known.length < ids.length) {
      open.push(change);
      continue;
    }
    for (const id of new Set(known)) {
      const others = covered.get(id);
      if (others) others.push(change);
      else covered.set(id, [change]);
    }
  }
  return { open, covered };
}

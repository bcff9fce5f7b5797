import type { Inventory, OriginInventory } from '../bucket/inventory';
import type { ChangedObject } from '../paths/changed-object';

/** The deploy that a batch belongs to. Its other messages are in other batches. */
export interface Deploy {
  /** What the messages of the batch tell of. */
  readonly changes: readonly ChangedObject[];
  /** What else changed in the bucket, and is not covered yet: its messages are on their way. */
  readonly pending: readonly ChangedObject[];
  /** Whether a listed object was changed neither by this deploy nor a moment before it. */
  isUnchanged(origin: OriginInventory, name: string, lastModified: number | undefined): boolean;
}

/** What the planner has to know of a distribution. Times in ms since the epoch. */
export interface PlanContext {
  /** What changed before may be covered by invalidations that nobody remembers, and is taken for covered. */
  readonly completeSince: number;
  /** A listed object as the distribution serves it; undefined: it needs no invalidation. */
  toChange(origin: OriginInventory, name: string, lastModified: number): ChangedObject | undefined;
  /** How many behaviors cache what comes from elsewhere, and may be evicted by the wildcard behind a prefix. */
  foreignUnder(prefix: string): number;
}

/** Nothing is pending but the changes of the batch, and the buckets are all that is cached. */
export const NOTHING_PENDING: PlanContext = {
  completeSince: Number.POSITIVE_INFINITY,
  toChange: () => undefined,
  foreignUnder: () => 0,
};

/** Uploads of one deploy begin so long before the oldest change that a batch of it holds, in ms: notifications are not in order. */
const EARLIER_UPLOADS = 60_000;

/** Since when a listed object must have changed to be pending, in ms since the epoch; infinity: nothing is pending. */
export function pendingSince(changes: readonly ChangedObject[], { completeSince }: PlanContext): number {
  return Math.max(startOf(changes) - EARLIER_UPLOADS, completeSince);
}

/** Tells what else belongs to the deploy of some changes, by what was listed. */
export function deployOf(changes: readonly ChangedObject[], { origins }: Inventory, context: PlanContext): Deploy {
  if (origins.length === 0) return { changes, pending: [], isUnchanged: () => false };
  const started = startOf(changes) - EARLIER_UPLOADS;
  const since = pendingSince(changes, context);
  const own = new Map<string, Set<string>>(origins.map(({ bucket }) => [bucket, new Set()]));
  for (const { bucket, key } of changes) own.get(bucket)?.add(key);
  const isOwn = ({ bucket, keyOf }: OriginInventory, name: string) => own.get(bucket)?.has(keyOf(name)) ?? false;
  const pending = origins.flatMap((origin) =>
    origin.objects.flatMap(({ key: name, lastModified = Number.NEGATIVE_INFINITY }) =>
      lastModified < since || isOwn(origin, name) ? [] : (context.toChange(origin, name, lastModified) ?? []),
    ),
  );
  return {
    changes,
    pending,
    isUnchanged: (origin, name, lastModified = Number.NEGATIVE_INFINITY) =>
      lastModified < started && !isOwn(origin, name),
  };
}

/** The oldest change that was not received before: what is retried may be from long ago. Unknown: nothing is pending. */
function startOf(changes: readonly ChangedObject[]): number {
  const received = changes.filter(({ receiveCount = 1 }) => receiveCount === 1);
  const times = (received.length > 0 ? received : changes).flatMap(({ time }) => time ?? []);
  return times.reduce((oldest, time) => Math.min(oldest, time), Number.POSITIVE_INFINITY);
}

import { isWildcard, stemOf } from '../paths/viewer-path';

/** An invalidation that CloudFront accepted, as far as later changes care. */
export interface RecentInvalidation {
  readonly invalidationId: string;
  /** When CloudFront says that it was created, in ms since the epoch. */
  readonly createTime: number;
}

/** What a warm function remembers of its invalidations. */
export interface RecentInvalidations {
  /** Takes in the paths of an accepted invalidation. */
  remember(distribution: string, paths: readonly string[], invalidation: RecentInvalidation): void;
  /** The invalidation that covers a path since after a change; undefined: none that is remembered, or the time is not known. */
  covering(distribution: string, path: string, changeTime: number | undefined): RecentInvalidation | undefined;
  /** Takes in messages for which the distribution accepted everything. */
  settle(distribution: string, messageIds: Iterable<string>): void;
  /** Whether the distribution accepted everything for a message, which then comes back for another reason. */
  isSettled(distribution: string, messageId: string): boolean;
}

/**
 * How far the clocks of S3 and CloudFront may be apart, in ms: many times what AWS's time service leaves between clocks. An
 * invalidation must be younger than a change by more than this to count as newer.
 */
export const CLOCK_TOLERANCE = 1_000;

/** What is remembered of each kind at most; the oldest is forgotten, which can only cost a path that was not needed. */
export interface RecentBounds {
  readonly paths: number;
  /** Each length of them is looked for in each path. */
  readonly wildcards: number;
  /** Of all paths and wildcards. */
  readonly characters: number;
  readonly messages: number;
}

/** Some 10 MB at most, and 200 look-ups a path. */
const BOUNDS: RecentBounds = { paths: 20_000, wildcards: 200, characters: 4_000_000, messages: 20_000 };

/**
 * An invalidation covers every older change under its paths, whichever message told of it. So the batches of one deploy that
 * arrive after its invalidation need none of their own. Only CloudFront's own time of creation counts: when it answers a
 * repeated request with an earlier invalidation, that is an earlier time.
 */
export function makeRecentInvalidations(bounds = BOUNDS): RecentInvalidations {
  /** By distribution and path, the longest known first; wildcards without their `*`. */
  const exact = new Map<string, RecentInvalidation>();
  const wildcards = new Map<string, RecentInvalidation>();
  const settled = new Set<string>();
  let lengths: readonly number[] = [];
  let characters = 0;

  function put(paths: Map<string, RecentInvalidation>, name: string, invalidation: RecentInvalidation): void {
    const known = paths.get(name);
    if (known && known.createTime > invalidation.createTime) return;
    if (known) paths.delete(name);
    else characters += name.length;
    paths.set(name, invalidation);
  }

  function forgetOldest(paths: Map<string, unknown>): void {
    for (const name of paths.keys()) {
      paths.delete(name);
      characters -= name.length;
      return;
    }
  }

  return {
    remember(distribution, paths, invalidation) {
      for (const path of paths) {
        if (isWildcard(path)) put(wildcards, distribution + stemOf(path), invalidation);
        else put(exact, distribution + path, invalidation);
      }
      while (wildcards.size > bounds.wildcards) forgetOldest(wildcards);
      while (exact.size > bounds.paths) forgetOldest(exact);
      while (characters > bounds.characters) forgetOldest(exact.size > 0 ? exact : wildcards);
      lengths = [...new Set(Array.from(wildcards.keys(), (name) => name.length))];
    },

    covering(distribution, path, changeTime = Number.NaN) {
      const isNewer = (known: RecentInvalidation | undefined) =>
        known !== undefined && known.createTime - changeTime > CLOCK_TOLERANCE;
      const name = distribution + stemOf(path);
      const same = isWildcard(path) ? undefined : exact.get(name);
      if (isNewer(same)) return same;
      for (const length of lengths) {
        if (length > name.length) continue;
        const wildcard = wildcards.get(name.slice(0, length));
        if (isNewer(wildcard)) return wildcard;
      }
      return undefined;
    },

    settle(distribution, messageIds) {
      for (const id of messageIds) settled.add(`${distribution}/${id}`);
      for (const name of settled) {
        if (settled.size <= bounds.messages) break;
        settled.delete(name);
      }
    },

    isSettled: (distribution, messageId) => settled.has(`${distribution}/${messageId}`),
  };
}

/** An invalidation that CloudFront accepted, as far as later changes care. */
export interface Remembered {
  readonly invalidationId: string;
  /** When CloudFront says that it was created, in ms since the epoch. */
  readonly createTime: number;
}

/** What a warm function remembers of its invalidations. */
export interface Memory {
  /** Takes in the paths of an accepted invalidation. */
  remember(distribution: string, paths: readonly string[], invalidation: Remembered): void;
  /** The invalidation that covers a path since after a change; undefined: none that is remembered. */
  covering(distribution: string, path: string, changeTime: number): Remembered | undefined;
}

/**
 * How far the clocks of S3 and CloudFront may be apart, in ms, with EventBridge's times, which are cut to seconds. An
 * invalidation must be younger than a change by more than this to count as newer.
 */
export const CLOCK_TOLERANCE = 5_000;

/** With some 300 bytes for a path, 6 MB. */
const MOST_PATHS = 20_000;

/**
 * An invalidation covers every older change under its paths, whichever message told of it. So the batches of one deploy that
 * arrive after its invalidation need none of their own. Only CloudFront's own time of creation counts: when it answers a
 * repeated request with an earlier invalidation, that is an earlier time.
 *
 * @param mostPaths the oldest paths are forgotten beyond it, which can only cost a path that was not needed
 */
export function makeMemory(mostPaths = MOST_PATHS): Memory {
  const remembered = new Map<string, Remembered>();
  /** How many wildcards are remembered of each length, the distribution's name included. */
  const wildcards = new Map<number, number>();

  function forget(name: string): void {
    if (!remembered.delete(name) || !name.endsWith('*')) return;
    const left = (wildcards.get(name.length) ?? 0) - 1;
    if (left > 0) wildcards.set(name.length, left);
    else wildcards.delete(name.length);
  }

  return {
    remember(distribution, paths, invalidation) {
      for (const path of paths) {
        const name = distribution + path;
        if ((remembered.get(name)?.createTime ?? 0) > invalidation.createTime) continue;
        forget(name);
        remembered.set(name, invalidation);
        if (name.endsWith('*')) wildcards.set(name.length, (wildcards.get(name.length) ?? 0) + 1);
      }
      for (const name of remembered.keys()) {
        if (remembered.size <= mostPaths) break;
        forget(name);
      }
    },

    covering(distribution, path, changeTime) {
      const isNewer = (known: Remembered | undefined) =>
        known !== undefined && known.createTime - changeTime > CLOCK_TOLERANCE;
      const name = distribution + path;
      const exact = remembered.get(name);
      if (isNewer(exact)) return exact;
      for (const length of wildcards.keys()) {
        if (length - 1 > name.length) continue;
        const wildcard = remembered.get(`${name.slice(0, length - 1)}*`);
        if (isNewer(wildcard)) return wildcard;
      }
      return undefined;
    },
  };
}

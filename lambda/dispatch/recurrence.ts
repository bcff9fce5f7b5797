/** A wildcard recurs that was accepted so often within so many ms. */
const RECURRENT = { times: 2, within: 180_000 };

/** Which wildcards a load that goes on asks for again and again; those of a deploy hardly do. Times in ms since the epoch. */
export interface Recurrence {
  /** CloudFront has accepted some wildcards. */
  accepted(wildcards: readonly string[], now: number): void;
  /** When the last one was accepted of those among some paths that recur; -Infinity: none does. */
  lastOf(paths: readonly string[], now: number): number;
}

export function makeRecurrence(): Recurrence {
  /** When each was accepted, the last times; those that were not for longest come first. */
  const accepted = new Map<string, readonly number[]>();
  const isRecent = (time: number | undefined, now: number) => time !== undefined && now - time < RECURRENT.within;
  return {
    accepted(wildcards, now) {
      for (const wildcard of wildcards) {
        const times = [now, ...(accepted.get(wildcard) ?? [])].slice(0, RECURRENT.times);
        accepted.delete(wildcard);
        accepted.set(wildcard, times);
      }
      for (const [wildcard, [last]] of accepted) {
        if (isRecent(last, now)) break;
        accepted.delete(wildcard);
      }
    },

    lastOf(paths, now) {
      const times = paths.map((path) => accepted.get(path) ?? []);
      return Math.max(...times.filter((each) => isRecent(each[RECURRENT.times - 1], now)).flat());
    },
  };
}

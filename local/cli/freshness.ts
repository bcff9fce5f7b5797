import { setTimeout as delay } from 'node:timers/promises';
import { view } from './viewer';

/** A path that is to change at the edge. */
export interface Expected {
  readonly path: string;
  /** What the edge is to serve; undefined: nothing. */
  readonly eTag: string | undefined;
  /** Milliseconds: when the object changed. */
  readonly changedAt: number;
  /** Of the object. @default - not known */
  readonly key?: string;
}

export interface FreshnessListener {
  /** The edge still serves what was there before the change. */
  onStale(expected: Expected): void;
  /** The edge, found stale before, serves what is there now. */
  onFresh(expected: Expected, after: number): void;
}

export interface Freshness {
  /** Follows a path from stale to fresh; a newer change of it takes over. Resolves to whether it was stale at first. */
  follow(expected: Expected): Promise<boolean>;
  /** Paths that are still stale. */
  readonly stale: ReadonlyMap<string, Expected>;
  /** How long each took that was stale and is fresh, in milliseconds. */
  readonly freshAfter: readonly number[];
  /** Waits until nothing is stale any more, or for so many milliseconds. */
  untilFresh(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** What the edge answers with when there is no such object: a bucket that may not be listed says 403. */
const GONE = [403, 404];

/** Milliseconds between two looks at a stale path. */
const INTERVAL = 200;

/** Milliseconds between two looks at whether all is fresh. */
const POLL = 100;

/** Watches the edge as viewers see it. Looking at a path that the edge does not hold makes it hold it, as for viewers. */
export function watchFreshness(edgeUrl: string, { onStale, onFresh }: FreshnessListener): Freshness {
  const stale = new Map<string, Expected>();
  const freshAfter: number[] = [];
  const closing = new AbortController();
  let watching = false;

  async function isFresh({ path, eTag }: Expected): Promise<boolean> {
    const viewed = await view(edgeUrl, path);
    return eTag === undefined ? GONE.includes(viewed.status) : viewed.status === 200 && viewed.eTag === eTag;
  }

  function becomesFresh(expected: Expected): void {
    stale.delete(expected.path);
    const after = Date.now() - expected.changedAt;
    freshAfter.push(after);
    onFresh(expected, after);
  }

  async function watch(): Promise<void> {
    if (watching) return;
    watching = true;
    while (stale.size > 0 && !closing.signal.aborted) {
      await delay(INTERVAL, undefined, { signal: closing.signal }).catch(() => {});
      for (const expected of [...stale.values()]) {
        // The edge is gone when everything stops.
        const fresh = !closing.signal.aborted && (await isFresh(expected).catch(() => false));
        if (!fresh || stale.get(expected.path) !== expected) continue;
        becomesFresh(expected);
      }
    }
    watching = false;
  }

  return {
    stale,
    freshAfter,
    async untilFresh(ms, signal) {
      const deadline = Date.now() + ms;
      while (stale.size > 0 && Date.now() < deadline && !signal.aborted) await delay(POLL);
    },
    async follow(expected) {
      if (await isFresh(expected).catch(() => true)) {
        if (stale.has(expected.path)) becomesFresh(expected);
        return false;
      }
      stale.set(expected.path, expected);
      onStale(expected);
      void watch();
      return true;
    },
    close: () => closing.abort(),
  };
}

import type { Expected } from '../cli/freshness';
import { legible } from './rows';
import { addStep, type Step } from './steps';

/** A page that was stale at the edge. */
export interface PageSeen {
  readonly path: string;
  /** Milliseconds: when its object changed. */
  readonly changedAt: number;
  /** Milliseconds from the change until the edge served it; none yet. */
  readonly freshAfter?: number;
}

/** Most pages in the list. */
const MOST_PAGES = 12;

/** What the edge served over time, of the pages that are watched. */
export interface FreshnessHistory {
  stale(expected: Expected, now: number): void;
  fresh(expected: Expected, after: number, now: number): void;
  /** How many are stale now. */
  readonly staleCount: number;
  readonly freshCount: number;
  readonly steps: readonly Step[];
  /** The newest first. */
  readonly pages: readonly PageSeen[];
}

export function createFreshnessHistory(now: number): FreshnessHistory {
  const stale = new Set<string>();
  let fresh = 0;
  let steps: readonly Step[] = [{ at: now, stale: 0, fresh: 0 }];
  let pages: PageSeen[] = [];
  const step = (at: number) => {
    steps = addStep(steps, { at, stale: stale.size, fresh });
  };
  const show = (page: PageSeen) => {
    pages = [page, ...pages.filter(({ path }) => path !== page.path)].slice(0, MOST_PAGES);
  };
  return {
    stale({ path, changedAt }, at) {
      stale.add(path);
      show({ path: legible(path), changedAt });
      step(at);
    },
    fresh({ path, changedAt }, after, at) {
      stale.delete(path);
      fresh += 1;
      show({ path: legible(path), changedAt, freshAfter: after });
      step(at);
    },
    get staleCount() {
      return stale.size;
    },
    get freshCount() {
      return fresh;
    },
    get steps() {
      return steps;
    },
    get pages() {
      return pages;
    },
  };
}

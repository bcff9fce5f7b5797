import { EMPTY_LEDGER, type Ledger } from '../../lambda/dispatch/ledger';

/** The beginning of the order of events, in ms since the epoch, as CloudFront and the function see it. */
export const EPOCH = Date.parse('2026-11-23T08:00:00Z');

/** What of a ledger matters here, in one form for all ledgers that say the same. */
export interface Facts {
  /** The newest accepted invalidation of each path, in the order of the paths. */
  readonly accepted: readonly AcceptedPath[];
  /** Two stand for more: two turns open the circuit. */
  readonly failedTurns: number;
}

export interface AcceptedPath {
  readonly path: string;
  /** Of the invalidation. */
  readonly id: string;
  readonly createTime: number;
}

const MOST_FAILED_TURNS = 2;

/** @returns undefined: a ledger that says nothing */
export function factsOf({ invalidations, failedTurns }: Ledger): Facts | undefined {
  const newest = new Map<string, AcceptedPath>();
  for (const { id, createTime, paths } of invalidations) {
    for (const path of paths) {
      const known = newest.get(path);
      const time = createTime - EPOCH;
      if (!known || known.createTime <= time) newest.set(path, { path, id, createTime: time });
    }
  }
  if (newest.size === 0 && failedTurns === 0) return undefined;
  const accepted = Array.from(newest.values()).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { accepted, failedTurns: Math.min(failedTurns, MOST_FAILED_TURNS) };
}

/** A ledger that says so much. */
export function ledgerOf({ accepted, failedTurns }: Facts): Ledger {
  const byId = Map.groupBy(accepted, ({ id }) => id);
  const invalidations = Array.from(byId, ([id, each]) => ({
    id,
    createTime: EPOCH + Math.max(...each.map(({ createTime }) => createTime)),
    paths: each.map(({ path }) => path),
  }));
  return {
    ...EMPTY_LEDGER,
    invalidations: invalidations.sort((a, b) => a.createTime - b.createTime),
    failedTurns,
  };
}

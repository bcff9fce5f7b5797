import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { isWildcard } from '../paths/viewer-path';

/** An invalidation that CloudFront accepted. */
export interface AcceptedInvalidation {
  readonly id: string;
  /** When CloudFront says that it was created, in ms since the epoch. */
  readonly createTime: number;
  readonly paths: readonly string[];
}

/**
 * What the turns of a distribution leave to the next. It holds facts only, so it may be incomplete or lost: what is missing costs a
 * path or a wait, never freshness.
 */
export interface Ledger {
  /** Of the last ten minutes, the oldest first. */
  readonly invalidations: readonly AcceptedInvalidation[];
  /** When the last turn listed the bucket, in ms since the epoch. */
  readonly lastTurn: number;
  /** Turns in a row in which CloudFront accepted nothing. */
  readonly failedTurns: number;
  /** Paths accepted on a day. */
  readonly spent: Spending;
  /** Of these, what no stored ledger has: only this execution environment knows. Not stored. */
  readonly unshared: Spending;
}

/** Paths of one day (UTC). */
export interface Spending {
  /** Such as `2026-11-27`. */
  readonly day: string;
  readonly paths: number;
}

const NOTHING_SPENT: Spending = { day: '', paths: 0 };

export const EMPTY_LEDGER: Ledger = {
  invalidations: [],
  lastTurn: 0,
  failedTurns: 0,
  spent: NOTHING_SPENT,
  unshared: NOTHING_SPENT,
};

/** How long an invalidation is of use, in ms: so long CloudFront may count its wildcards as in progress. */
export const LONGEST_INVALIDATION = 10 * 60_000;

/** Of the stored ledger, in bytes: DynamoDB bills a write by the kilobyte of the item. */
const MAX_BYTES = 3_500;

/** Of the exact paths in memory. */
const MAX_PATHS = 20_000;

/** The ledger after CloudFront has accepted an invalidation. */
export function withAccepted(ledger: Ledger, accepted: AcceptedInvalidation, now: number): Ledger {
  const spent = { day: dayOf(now), paths: accepted.paths.length };
  return {
    ...ledger,
    failedTurns: 0,
    invalidations: recent([...ledger.invalidations, accepted], now),
    spent: plus(ledger.spent, spent),
    unshared: plus(ledger.unshared, spent),
  };
}

/**
 * The ledger at the end of a turn.
 *
 * @param before as the turn found it
 * @param hasFailed whether messages go back because CloudFront did not accept what they need
 */
export function afterTurn(ledger: Ledger, before: Ledger, hasFailed: boolean): Ledger {
  const hasAccepted = ledger.spent !== before.spent;
  return hasFailed && !hasAccepted ? { ...ledger, failedTurns: before.failedTurns + 1 } : ledger;
}

/** A stored ledger, and what this execution environment knows besides. */
export function withKnown(stored: Ledger, known: Ledger, now: number): Ledger {
  const byId = new Map(stored.invalidations.map((each) => [each.id, each]));
  // What was stored may have lost its exact paths.
  for (const each of known.invalidations) byId.set(each.id, each);
  return {
    ...stored,
    invalidations: recent([...byId.values()], now),
    lastTurn: Math.max(stored.lastTurn, known.lastTurn),
    spent: plus(stored.spent, known.unshared),
    unshared: known.unshared,
  };
}

/** The ledger once it is stored. */
export function shared(ledger: Ledger): Ledger {
  return { ...ledger, unshared: NOTHING_SPENT };
}

/** How many paths were spent today. */
export function pathsOn({ day, paths }: Spending, now: number): number {
  return day === dayOf(now) ? paths : 0;
}

function plus(one: Spending, other: Spending): Spending {
  if (one.day !== other.day) return one.day > other.day ? one : other;
  return { day: one.day, paths: one.paths + other.paths };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Without what is of no use any more. The oldest exact paths go first where they are too many. */
function recent(invalidations: readonly AcceptedInvalidation[], now: number): AcceptedInvalidation[] {
  const young = invalidations
    .filter(({ createTime }) => now - createTime < LONGEST_INVALIDATION)
    .sort((a, b) => a.createTime - b.createTime);
  let count = young.reduce((sum, { paths }) => sum + paths.length, 0);
  return young.map((each) => {
    if (count <= MAX_PATHS) return each;
    const kept = withoutExactPaths(each);
    count -= each.paths.length - kept.paths.length;
    return kept;
  });
}

function withoutExactPaths(invalidation: AcceptedInvalidation): AcceptedInvalidation {
  return { ...invalidation, paths: invalidation.paths.filter(isWildcard) };
}

/** The form in which a ledger is stored: compressed, and without the oldest exact paths where they do not fit. */
export function encodeLedger(ledger: Ledger): Uint8Array {
  let invalidations = [...ledger.invalidations];
  for (let at = 0; ; at++) {
    const bytes = deflateRawSync(JSON.stringify({ ...shared(ledger), invalidations }));
    if (bytes.length <= MAX_BYTES || invalidations.length === 0) return bytes;
    const oldest = invalidations[at];
    if (oldest) invalidations[at] = withoutExactPaths(oldest);
    // Not even the wildcards fit.
    else invalidations = invalidations.slice(Math.ceil(invalidations.length / 2));
  }
}

/** Reads what was stored. What is no ledger is an empty one. */
export function decodeLedger(bytes: Uint8Array | undefined): Ledger {
  if (!bytes) return EMPTY_LEDGER;
  try {
    const stored: Partial<Ledger> = JSON.parse(inflateRawSync(bytes).toString());
    const { invalidations, lastTurn, failedTurns, spent } = stored;
    const isWhole =
      Array.isArray(invalidations) &&
      invalidations.every(isInvalidation) &&
      [lastTurn, failedTurns, spent?.paths].every(Number.isFinite) &&
      typeof spent?.day === 'string';
    return isWhole ? shared(stored as Ledger) : EMPTY_LEDGER;
  } catch {
    return EMPTY_LEDGER;
  }
}

function isInvalidation(value: Partial<AcceptedInvalidation> | null): boolean {
  const { id, createTime, paths } = value ?? {};
  const arePaths = Array.isArray(paths) && paths.every((path) => typeof path === 'string');
  return typeof id === 'string' && Number.isFinite(createTime) && arePaths;
}

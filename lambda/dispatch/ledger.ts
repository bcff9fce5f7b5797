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
  /** Of invalidations created since then, in ms since the epoch, no path is missing. */
  readonly completeSince: number;
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
  completeSince: 0,
  failedTurns: 0,
  spent: NOTHING_SPENT,
  unshared: NOTHING_SPENT,
};

/** How long an invalidation is remembered, in ms: CloudFront may count its wildcards as in progress for this long. */
export const LONGEST_INVALIDATION = 10 * 60_000;

/** Of the paths that are stored. Compressed they are some 2 KB: DynamoDB bills a write by the kilobyte of the item. */
const MAX_STORED_CHARACTERS = 10_000;

/** Of the paths in memory. */
const MAX_CHARACTERS = 2_000_000;

/** How many times as many characters wildcards may have, which stay when exact paths go: an item of DynamoDB holds 400 KB. */
const ROOM_FOR_WILDCARDS = 8;

/** The ledger after CloudFront has accepted an invalidation. */
export function withAccepted(ledger: Ledger, accepted: AcceptedInvalidation, now: number): Ledger {
  // By another clock it may be tomorrow already.
  const day = [dayOf(now), ledger.spent.day].sort()[1] ?? '';
  const spent = { day, paths: accepted.paths.length };
  return {
    ...ledger,
    failedTurns: 0,
    ...recent([...ledger.invalidations, accepted], ledger.completeSince, now),
    spent: plus(ledger.spent, spent),
    unshared: plus(ledger.unshared, spent),
  };
}

/**
 * The ledger at the end of a turn.
 *
 * @param before as the turn found it
 * @param hasFailed whether messages go back for what CloudFront would accept later
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
    ...recent([...byId.values()], stored.completeSince, now),
    spent: plus(stored.spent, known.unshared),
    unshared: known.unshared,
  };
}

/** The ledger once it is stored. */
export function shared(ledger: Ledger): Ledger {
  return { ...ledger, unshared: NOTHING_SPENT };
}

/** How many paths were spent today, or on a day that begins by a clock that is ahead. */
export function pathsOn({ day, paths }: Spending, now: number): number {
  return day >= dayOf(now) ? paths : 0;
}

function plus(one: Spending, other: Spending): Spending {
  if (one.day !== other.day) return one.day > other.day ? one : other;
  return { day: one.day, paths: one.paths + other.paths };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Without what is no longer needed. */
function recent(invalidations: readonly AcceptedInvalidation[], completeSince: number, now: number) {
  const young = invalidations
    .filter(({ createTime }) => Math.abs(now - createTime) < LONGEST_INVALIDATION)
    .sort((a, b) => a.createTime - b.createTime);
  return newest(young, Math.max(completeSince, now - LONGEST_INVALIDATION), MAX_CHARACTERS);
}

/** Without the exact paths, and where these are not enough the wildcards, of the oldest invalidations: as many characters as fit. */
function newest(invalidations: readonly AcceptedInvalidation[], completeSince: number, maxCharacters: number) {
  let left = maxCharacters;
  let leftForWildcards = ROOM_FOR_WILDCARDS * maxCharacters;
  const lengthOf = (paths: readonly string[]) => paths.reduce((sum, path) => sum + path.length, 0);
  const kept: AcceptedInvalidation[] = [];
  let since = completeSince;
  for (const each of invalidations.toReversed()) {
    const wildcards = each.paths.filter(isWildcard);
    left -= lengthOf(each.paths);
    leftForWildcards -= lengthOf(wildcards);
    if (left >= 0) kept.unshift(each);
    else {
      since = Math.max(since, each.createTime);
      if (wildcards.length > 0 && leftForWildcards >= 0) kept.unshift({ ...each, paths: wildcards });
    }
  }
  return { invalidations: kept, completeSince: since };
}

/** The form in which a ledger is stored: compressed, and without the oldest exact paths where they are too many. */
export function encodeLedger(ledger: Ledger): Uint8Array {
  const stored = newest(ledger.invalidations, ledger.completeSince, MAX_STORED_CHARACTERS);
  return deflateRawSync(JSON.stringify({ ...shared(ledger), ...stored }));
}

/** Reads what was stored. What is no ledger is an empty one. */
export function decodeLedger(bytes: Uint8Array | undefined): Ledger {
  if (!bytes) return EMPTY_LEDGER;
  try {
    const stored: Partial<Ledger> = JSON.parse(inflateRawSync(bytes).toString());
    const { invalidations, completeSince, failedTurns, spent } = stored;
    const isWhole =
      Array.isArray(invalidations) &&
      invalidations.every(isInvalidation) &&
      [completeSince, failedTurns, spent?.paths].every(Number.isFinite) &&
      /^(\d{4}-\d\d-\d\d)?$/.test(spent?.day ?? '-');
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

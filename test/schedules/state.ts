import type { Facts } from './facts';
import type { LedgerCall } from './ledger-table';
import type { SdkErrorName } from './sdk-error';

/**
 * Everything that the future may depend on, as a plain value. Time is an order only: it is the number of changes so far,
 * and an invalidation that was created between the changes n and n + 1 has the time of n + 1, as though it had been in the
 * same millisecond.
 */
export interface State {
  /** Which object each change was of, by its index; change n is `changes[n - 1]`. */
  readonly changes: readonly number[];
  /** The changes of which a message was acknowledged. */
  readonly acknowledged: readonly number[];
  /** In the order of their ids, as everywhere. */
  readonly queue: readonly Message[];
  readonly deadLetters: readonly Message[];
  /** Without those that are idle and know nothing. */
  readonly environments: readonly Environment[];
  readonly cloudFront: CloudFront;
  /** The table in DynamoDB: an item for each distribution that has one. */
  readonly table: Readonly<Record<string, LedgerItem>>;
  /** A call of DynamoDB that its caller gave up, and that is still to be carried out. */
  readonly lateCall?: LateCall | undefined;
  /** Messages ever sent, copies included; ids ever given. */
  readonly sent: number;
  readonly ids: number;
  readonly redrives: number;
}

/** A message of the queue, or one copy of it. */
export interface Message {
  readonly id: string;
  /** The change it tells of. */
  readonly change: number;
  readonly receives: number;
}

/** An execution environment of the function. */
export interface Environment {
  /** What its writer remembers, by distribution; during an invocation, what it remembered when that began. */
  readonly memory: Readonly<Record<string, Facts>>;
  /** How far its clock is ahead, in ms. */
  readonly clockSkew: number;
  readonly invocation?: Invocation;
}

/** A run of the function, as far as it got. */
export interface Invocation {
  readonly requestId: string;
  readonly batch: readonly Message[];
  readonly startTime: number;
  /** What its calls were answered, in their order, by distribution. */
  readonly answers: Readonly<Record<string, readonly Answer[]>>;
  /** Invalidations that CloudFront has created for it, and that it has not heard of, by distribution. */
  readonly underway: Readonly<Record<string, number>>;
  /** Whether CloudFront failed it in any way other than by refusing a path. What DynamoDB does is no excuse. */
  readonly disturbed: boolean;
}

/** What a call came back with, and when. */
export type Answer = { readonly at: number } & (CloudFrontAnswer | LedgerAnswer | Failure);

interface Failure {
  readonly kind: 'failed';
  readonly error: SdkErrorName;
}

/** Of CreateInvalidation. */
interface CloudFrontAnswer {
  readonly kind: 'accepted';
  readonly createTime: number;
}

/** Of UpdateItem and GetItem. */
export type LedgerAnswer =
  | { readonly kind: 'updated'; readonly ledger: Facts | undefined }
  | { readonly kind: 'condition failed' }
  | { readonly kind: 'read'; readonly isExpired: boolean };

/** The lease and the ledger of a distribution. */
export interface LedgerItem {
  /** The request id of the invocation that holds the lease. */
  readonly holder?: string | undefined;
  /** Whose clock says that the lease has expired. */
  readonly expired?: 'by fast clocks' | 'by every clock' | undefined;
  readonly ledger?: Facts | undefined;
}

export interface LateCall {
  readonly call: LedgerCall;
  readonly requestId: string;
  readonly isAhead: boolean;
}

/** What CloudFront keeps, and what its caches may hold. */
export interface CloudFront {
  /** In the order of their names. */
  readonly invalidations: readonly Invalidation[];
  /** References that others have used, with the distribution's id in front. */
  readonly foreign: readonly string[];
  /** What counts against the quota, by distribution. */
  readonly held: Readonly<Record<string, { readonly paths: number; readonly wildcards: number }>>;
  /** The change that the oldest copy in a cache may be as old as, by distribution, object and viewer path; 0: before them all. */
  readonly cached: Readonly<Record<string, number>>;
}

/** An invalidation that was created, and is paid for. */
export interface Invalidation {
  /** Tells it apart from every other one that matters. */
  readonly name: string;
  readonly distribution: string;
  readonly reference: string;
  readonly paths: readonly string[];
  readonly createTime: number;
  /** The ids of the messages that it was created for. */
  readonly batch: readonly string[];
}

/** Nothing has changed yet. */
export const INITIAL: State = {
  changes: [],
  acknowledged: [],
  queue: [],
  deadLetters: [],
  environments: [],
  cloudFront: { invalidations: [], foreign: [], held: {}, cached: {} },
  table: {},
  sent: 0,
  ids: 0,
  redrives: 0,
};

/** When something happens that happens now. */
export function timeOf({ changes }: State): number {
  return changes.length + 1;
}

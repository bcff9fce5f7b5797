import type { ClientMaker } from './cloudfront';
import type { Mapping } from './event-source';
import type { Bucket } from './list-objects';
import type { MemoryLedgerStore } from './memory-ledger-store';
import type { Message } from './queue';
import type { VirtualTime } from './virtual-time';

/** The id of the distribution. */
export const DISTRIBUTION = 'E1SITE';

/** What a function works with. */
export interface Surroundings {
  readonly time: VirtualTime;
  readonly makeClient: ClientMaker;
  readonly bucket: Bucket;
  /** Undefined: the ledger is off. */
  readonly ledger: MemoryLedgerStore | undefined;
  /** How far the clock of this environment is ahead, in ms. */
  readonly clockSkew: number;
  /** @default - no budget */
  readonly maxPathsPerDay?: number | undefined;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** An execution environment: handles batches, one at a time, and tells which messages failed. */
export type InvalidatingFunction = (batch: readonly Message[]) => Promise<readonly Message[]>;

/** A way to invalidate what changes. */
export interface Design {
  readonly name: string;
  readonly mapping: Mapping;
  readonly maxReceiveCount: number;
  makeFunction(surroundings: Surroundings): InvalidatingFunction;
}

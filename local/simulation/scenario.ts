import type { SimulatedFault, SimulatedReadFault } from './cloudfront';
import type { LedgerCall, LedgerFault } from './memory-ledger-store';

/** A load, and what is wrong meanwhile. Times in s from the beginning. */
export interface Scenario {
  readonly name: string;
  /** How many objects change in the given second. */
  readonly changes: (second: number) => number;
  /** How many objects of the bucket change, spread over it. @default - any of them */
  readonly objects?: number;
  /** When the last change happens. */
  readonly end: number;
  /** Share of messages that no function can understand, on top of the changes. @default 0 */
  readonly poison?: number;
  /** What goes wrong with a call. @default - nothing */
  readonly fault?: (second: number, random: () => number) => SimulatedFault | undefined;
  /** What goes wrong with reading the distribution. @default - nothing */
  readonly readFault?: (second: number, random: () => number) => SimulatedReadFault | undefined;
  /** How long CloudFront accepts nothing. @default 0 */
  readonly outage?: number;
  /** The bucket cannot be listed. @default false */
  readonly listingFails?: boolean;
  /** Another tool takes each wildcard that it can get, in this time. @default 0 */
  readonly otherTool?: number;
  /** What goes wrong with a call of the ledger's store. @default - nothing */
  readonly ledgerFault?: (call: LedgerCall, second: number, random: () => number) => LedgerFault | undefined;
  /** How far the clocks of the environments are apart, in s. @default 0 */
  readonly clockSkew?: number;
  /** @default - no budget */
  readonly maxPathsPerDay?: number;
}

/** Who plans for a distribution or a tenant, and until when. */
export interface Lease {
  /** Unique to one invocation. */
  readonly holder: string;
  /** When anybody may take it, in ms since the epoch. */
  readonly expires: number;
}

/** What came of an attempt to take the lease. */
export type Acquisition =
  | { readonly kind: 'acquired' /** As the last holder wrote it. */; readonly ledger: Uint8Array | undefined }
  | { readonly kind: 'held' };

/** Where all execution environments keep the lease and the ledger of each distribution or tenant, by its id. Every method may throw. */
export interface LedgerStore {
  /** One conditional update: takes the lease where nobody else holds it or it has expired, and answers with the ledger. */
  acquire(id: string, lease: Lease, now: number, signal: AbortSignal): Promise<Acquisition>;
  /** Whether the lease can be taken. A read, which costs less than an attempt. */
  isFree(id: string, now: number, signal: AbortSignal): Promise<boolean>;
  /**
   * One conditional update: writes the ledger and releases the lease, if the holder still has it.
   *
   * @returns false: the lease had expired and somebody else took it, so nothing was written
   */
  release(id: string, holder: string, ledger: Uint8Array, signal: AbortSignal): Promise<boolean>;
}

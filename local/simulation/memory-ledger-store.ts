import type { LedgerStore } from '../../lambda/dispatch/ledger-store';
import type { VirtualTime } from './virtual-time';

/** What goes wrong with a call of DynamoDB: it is answered late, or by an error; `lose-answer`: it is carried out even so. */
export type LedgerFault =
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'down' | 'throttled' | 'lose-answer' };

export interface LedgerCall {
  readonly method: keyof LedgerStore;
  readonly distribution: string;
}

export interface MemoryLedgerStoreOptions {
  readonly time: VirtualTime;
  /** Until DynamoDB answers, in ms. @default 10 */
  readonly latency?: number;
  /** @default - nothing goes wrong */
  readonly fault?: (call: LedgerCall) => LedgerFault | undefined;
}

/** A ledger store, and what its calls have cost. */
export interface MemoryLedgerStore extends LedgerStore {
  readonly calls: { readonly [Method in keyof LedgerStore]: number };
  /** Of the largest ledger that was written, in bytes. */
  readonly largest: number;
}

interface Item {
  readonly holder?: string;
  readonly expires?: number;
  readonly ledger?: Uint8Array;
}

/** Leases and ledgers in virtual time, by the same conditions as in DynamoDB. */
export function memoryLedgerStore({ time, latency = 10, fault }: MemoryLedgerStoreOptions): MemoryLedgerStore {
  const items = new Map<string, Item>();
  const calls = { acquire: 0, isFree: 0, release: 0 };
  let largest = 0;

  /** An operation that is carried out, all at once, half-way between its call and its answer. */
  async function call<T>(
    method: LedgerCall['method'],
    distribution: string,
    signal: AbortSignal,
    carryOut: () => T,
  ): Promise<T> {
    calls[method]++;
    const injected = fault?.({ method, distribution });
    const half = (injected?.kind === 'slow' ? injected.ms : latency) / 2;
    const pass = async () => {
      await time.pause(half, signal);
      if (signal.aborted) throw named('AbortError', 'Request aborted');
    };
    await pass();
    if (injected?.kind === 'down') throw named('InternalServerError', 'DynamoDB is down');
    if (injected?.kind === 'throttled') throw named('ThrottlingException', 'Rate exceeded');
    const answer = carryOut();
    await pass();
    if (injected?.kind === 'lose-answer') throw named('TimeoutError', 'The answer is lost');
    return answer;
  }

  return {
    calls,
    get largest() {
      return largest;
    },
    acquire: (distribution, { holder, expires }, now, signal) =>
      call('acquire', distribution, signal, () => {
        const item = items.get(distribution) ?? {};
        if (item.holder !== undefined && item.holder !== holder && (item.expires ?? 0) > now) return { kind: 'held' };
        items.set(distribution, { ...item, holder, expires });
        return { kind: 'acquired', ledger: item.ledger };
      }),
    isFree: (distribution, now, signal) =>
      call('isFree', distribution, signal, () => (items.get(distribution)?.expires ?? 0) <= now),
    release: (distribution, holder, ledger, signal) =>
      call('release', distribution, signal, () => {
        if (items.get(distribution)?.holder !== holder) return false;
        items.set(distribution, { ledger: ledger.slice() });
        largest = Math.max(largest, ledger.length);
        return true;
      }),
  };
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

import { type Target, targetId } from '../contract/target';
import type { Telemetry } from '../telemetry/telemetry';
import type { Clock, TimeLeft } from './clock';
import { decodeLedger, EMPTY_LEDGER, encodeLedger, type Ledger, shared, withKnown } from './ledger';
import type { LedgerStore } from './ledger-store';

/** The time in which one invocation plans for a distribution or a tenant, and calls CloudFront. */
export interface Turn {
  /** What is known of the turns before. */
  readonly ledger: Ledger;
  /** Whether others wait. If not, the invocation goes on alone: that costs paths or time, never freshness. */
  readonly holdsLease: boolean;
  /** Leaves to the next turn what is known at the end of this one. Never throws. */
  end(ledger: Ledger): Promise<void>;
}

/** Lets one invocation at a time plan for a distribution, as long as the store answers. */
export interface SingleWriter {
  /**
   * Waits for the turn of an invocation, as long as the time allows. Never throws.
   *
   * @param holder unique to the invocation
   */
  takeTurn(
    target: Target,
    holder: string,
    time: TimeLeft,
    events: Pick<Telemetry, 'waiting' | 'ledgerUnavailable'>,
  ): Promise<Turn>;
}

/** For one call of the store, in ms: two of them fail within two seconds. */
const CALL_TIMEOUT = 1000;

/** Kept of an invocation's time, in ms, for planning and calling CloudFront if the lease is not released. A paced plan keeps more. */
const TIME_WITHOUT_LEASE = 3000;

/** What a lease outlasts the invocation by, in ms: it has two seconds left for reporting, and clocks differ. */
const LEASE_MARGIN = 4000;

/** Between two reads of a lease that somebody holds, in ms: a turn takes a second as a rule. */
const POLL = { first: 200, growth: 1.5, longest: 1000 };

/**
 * One for each execution environment. It remembers the ledger of its own last turn, which is all there is if no store answers.
 *
 * @param known what it remembers, by the id of the target
 */
export function makeSingleWriter(
  store: LedgerStore | undefined,
  clock: Clock,
  known = new Map<string, Ledger>(),
): SingleWriter {
  /** The invocation that could not reach the store, and does not try again. */
  let unavailableTo: string | undefined;

  return {
    async takeTurn(target, holder, time, events) {
      const id = targetId(target);
      const stored = store && unavailableTo !== holder ? await reach(() => takeLease(store)) : undefined;
      const remembered = known.get(id) ?? EMPTY_LEDGER;
      return {
        ledger: stored ? withKnown(stored, remembered, clock.now()) : remembered,
        holdsLease: stored !== undefined,
        async end(ledger) {
          const isStored =
            store && stored && (await reach(() => store.release(id, holder, encodeLedger(ledger), timeout())));
          known.set(id, isStored ? shared(ledger) : ledger);
        },
      };

      /** The ledger that the holder before left; undefined: the lease was not released in time. */
      async function takeLease(store: LedgerStore): Promise<Ledger | undefined> {
        const started = clock.now();
        const lease = { holder, expires: started + time.left() + LEASE_MARGIN };
        let pause = POLL.first;
        let isFree = true;
        for (;;) {
          const acquisition = isFree ? await store.acquire(id, lease, clock.now(), timeout()) : undefined;
          const isOver = acquisition?.kind === 'acquired' || time.left() - pause < TIME_WITHOUT_LEASE;
          if (isOver && pause > POLL.first) events.waiting(target, clock.now() - started, 'LeaseHeld');
          if (acquisition?.kind === 'acquired') return decodeLedger(acquisition.ledger);
          if (isOver) return undefined;
          await time.pause(pause);
          pause = Math.min(POLL.longest, pause * POLL.growth);
          isFree = await store.isFree(id, clock.now(), timeout());
        }
      }

      async function reach<T>(call: () => Promise<T>): Promise<T | undefined> {
        try {
          // Once more: a lost answer may have left the lease with us, and whoever waits for it waits for half a minute.
          return await call().catch((error) => (time.left() > CALL_TIMEOUT ? call() : Promise.reject(error)));
        } catch (error) {
          if (unavailableTo !== holder) events.ledgerUnavailable(target, error);
          unavailableTo = holder;
          return undefined;
        }
      }
    },
  };

  function timeout(): AbortSignal {
    return clock.deadline(CALL_TIMEOUT);
  }
}

import type { Target } from '../../lambda/contract/target';
import { decodeLedger, encodeLedger } from '../../lambda/dispatch/ledger';
import type { SingleWriter } from '../../lambda/dispatch/single-writer';
import {
  asOf,
  withArrivalTimes,
  withEarlierChanges,
  withModule,
  withoutEnd,
  withReleaseIf,
  withStore,
  withUpdates,
  withWriter,
} from './buggy-function';
import {
  type Bug,
  HARMED,
  OVERWRITTEN,
  RELEASES_ANOTHER,
  STALE,
  STUCK,
  testThatTheyAreFound,
  WAITS_FOR_ITSELF,
} from './planted-bug';

type InvalidateDistribution = typeof import('../../lambda/dispatch/invalidate-distribution');
type LedgerModule = typeof import('../../lambda/dispatch/ledger');

const A = { key: 'a', viewerPaths: ['/a'] };

/** Bugs in the lease, the ledger and the writer. */
const BUGS: readonly Bug[] = [
  {
    name: 'while a plan waits, somebody else is taken to cover its changes',
    scenario: 'writers whose wide plans keep their distance',
    breaks: STALE,
    subject: () =>
      withWriter((writer, clock) => {
        const holders = new Set<string>();
        return {
          async takeTurn(target, holder, ...rest) {
            const turn = await writer.takeTurn(target, holder, ...rest);
            const ledger = holders.has(holder) ? asOf(clock.now(), turn.ledger) : turn.ledger;
            holders.add(holder);
            return { ...turn, ledger };
          },
        };
      }),
  },
  {
    name: 'an entry of the ledger covers newer changes, too',
    scenario: 'two writers',
    breaks: STALE,
    subject: () => withEarlierChanges(Number.POSITIVE_INFINITY),
  },
  {
    name: 'the ledger holds when the answer came instead of when the invalidation was created',
    scenario: 'two writers',
    breaks: STALE,
    subject: withArrivalTimes,
  },
  {
    name: 'the ledger holds when it was written',
    scenario: 'two writers',
    breaks: STALE,
    subject: () =>
      withWriter((writer, clock) => ({
        takeTurn: async (...all) => {
          const turn = await writer.takeTurn(...all);
          return { ...turn, end: (ledger) => turn.end(asOf(clock.now(), ledger)) };
        },
      })),
  },
  {
    name: 'one whose lease had expired writes its ledger all the same, as of now',
    scenario: 'two writers, leases that expire',
    bounds: { objects: [A] },
    breaks: STALE,
    subject: () =>
      withStore((store, clock) => ({
        ...store,
        async release(distribution, holder, ledger, signal) {
          if (await store.release(distribution, holder, ledger, signal)) return true;
          const now = clock.now();
          const { kind } = await store.acquire(distribution, { holder, expires: now }, now, signal);
          const newest = encodeLedger(asOf(now, decodeLedger(ledger)));
          return kind === 'acquired' && store.release(distribution, holder, newest, signal);
        },
      })),
  },
  {
    name: 'the ledger holds one time for all its paths, the newest',
    scenario: 'two writers',
    bounds: { concurrency: 1, messages: 3, mostReceives: 1 },
    breaks: STALE,
    subject: () =>
      withModule<LedgerModule>('dispatch/ledger', ({ encodeLedger }) => ({
        encodeLedger: (ledger) => {
          const newest = Math.max(...ledger.invalidations.map(({ createTime }) => createTime));
          return encodeLedger(asOf(newest, ledger));
        },
      })),
  },
  {
    name: 'what is waiting for its lease counts as covered by the one who holds it',
    scenario: 'two writers',
    breaks: STALE,
    subject: () =>
      withModule<InvalidateDistribution>('dispatch/invalidate-distribution', ({ invalidateDistribution }) => ({
        invalidateDistribution: async (target, served, changes, dispatch, invocation) => {
          let isHeld = false;
          const writer: SingleWriter = {
            takeTurn: async (...all) => {
              const turn = await dispatch.writer.takeTurn(...all);
              isHeld = !turn.holdsLease;
              return turn;
            },
          };
          const cloudFront = {
            send: (...all: Parameters<typeof dispatch.cloudFront.send>) =>
              isHeld
                ? Promise.resolve({ Invalidation: { Id: 'I', Status: 'InProgress' } })
                : dispatch.cloudFront.send(...all),
          } as typeof dispatch.cloudFront;
          return invalidateDistribution(target, served, changes, { ...dispatch, writer, cloudFront }, invocation);
        },
      })),
  },
  {
    name: 'anybody releases the lease',
    scenario: 'two writers, leases that expire',
    breaks: RELEASES_ANOTHER,
    subject: () => withReleaseIf(undefined),
  },
  {
    name: 'whoever finds the lease free writes the ledger',
    scenario: 'two writers, leases that expire',
    breaks: OVERWRITTEN,
    subject: () => withReleaseIf('attribute_not_exists(holder) OR holder = :holder'),
  },
  {
    name: 'a turn stores what it did itself, and nothing else',
    scenario: 'two writers',
    breaks: OVERWRITTEN,
    subject: () => withModule<LedgerModule>('dispatch/ledger', () => ({ withKnown: (_, known) => known })),
  },
  {
    name: 'a holder does not recognize its own lease',
    scenario: 'writers that wait for the lease',
    breaks: WAITS_FOR_ITSELF,
    subject: () =>
      withUpdates((input) => ({
        ...input,
        ConditionExpression: input.ConditionExpression?.replace('holder = :holder OR ', ''),
      })),
  },
  {
    name: 'without DynamoDB nothing is sent',
    scenario: 'two writers, clocks 2 s apart, and DynamoDB fails',
    breaks: HARMED,
    subject: () =>
      withWriter((writer) => ({
        takeTurn(target, holder, time, events) {
          const ledgerUnavailable = (_: Target, error: unknown) => {
            throw error;
          };
          return writer.takeTurn(target, holder, time, { ...events, ledgerUnavailable });
        },
      })),
  },
  {
    name: 'without the lease nothing is sent',
    scenario: 'two writers',
    breaks: HARMED,
    subject: () =>
      withWriter((writer) => ({
        takeTurn: async (...all) => {
          const turn = await writer.takeTurn(...all);
          if (turn.holdsLease) return turn;
          throw new Error('The lease did not come free');
        },
      })),
  },
  {
    name: 'a ledger that cannot be stored fails the batch',
    scenario: 'two writers, clocks 2 s apart, and DynamoDB fails',
    breaks: HARMED,
    subject: () =>
      withWriter((writer) => ({
        async takeTurn(target, holder, time, events) {
          let isEnding = false;
          const ledgerUnavailable = (_: Target, error: unknown) => {
            if (isEnding) throw error;
          };
          const turn = await writer.takeTurn(target, holder, time, { ...events, ledgerUnavailable });
          return {
            ...turn,
            end(ledger) {
              isEnding = true;
              return turn.end(ledger);
            },
          };
        },
      })),
  },
  {
    name: 'the lease is waited for without end',
    scenario: 'writers that wait for the lease',
    breaks: STUCK,
    subject: () =>
      withWriter((writer) => ({
        takeTurn: (target, holder, time, events) => writer.takeTurn(target, holder, withoutEnd(time), events),
      })),
  },
];

testThatTheyAreFound(BUGS);

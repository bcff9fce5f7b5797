import * as cloudFrontSdk from '@aws-sdk/client-cloudfront';
import * as dynamoDBSdk from '@aws-sdk/client-dynamodb';
import type { Clock, TimeLeft } from '../../lambda/dispatch/clock';
import { decodeLedger, encodeLedger, type Ledger } from '../../lambda/dispatch/ledger';
import type { LedgerStore } from '../../lambda/dispatch/ledger-store';
import { CLOCK_TOLERANCE } from '../../lambda/dispatch/recent-invalidations';
import type { SingleWriter } from '../../lambda/dispatch/single-writer';
import { explore } from './explore';
import { SCENARIOS, type Scenario } from './scenario';
import type { Subject } from './stage';

type CallerReference = typeof import('../../lambda/cloudfront/caller-reference');
type CreateInvalidation = typeof import('../../lambda/cloudfront/create-invalidation');
type InvalidateDistribution = typeof import('../../lambda/dispatch/invalidate-distribution');
type LedgerModule = typeof import('../../lambda/dispatch/ledger');
type NextStep = typeof import('../../lambda/dispatch/next-step');
type PathGroups = typeof import('../../lambda/dispatch/path-group');
type RecentInvalidations = typeof import('../../lambda/dispatch/recent-invalidations');
type SingleWriterModule = typeof import('../../lambda/dispatch/single-writer');
type StoreModule = typeof import('../../lambda/dispatch/dynamodb-ledger-store');
type Update = Partial<dynamoDBSdk.UpdateItemCommandInput>;

/** A bug in a module of the function. */
interface Bug {
  readonly name: string;
  readonly scenario: string;
  /** What it takes instead of the scenario's own bounds. */
  readonly bounds?: Partial<Scenario>;
  /** The invariant that must be found broken. */
  readonly breaks: RegExp;
  readonly subject: () => Subject;
}

const A = { key: 'a', viewerPaths: ['/a'] };

const STALE = /is acknowledged, but .* may still serve/;
const TWICE = /is made a second time/;
const HARMED = /is returned, though nothing was wrong with it/;
const STUCK = /the queue does not drain/;
const RELEASES_ANOTHER = /releases the lease of/;
const OVERWRITTEN = /a newer ledger is overwritten/;
const WAITS_FOR_ITSELF = /waits for the lease .* that it holds itself/;

const BUGS: readonly Bug[] = [
  { name: 'the caller reference is the bare message id', scenario: 'one environment', breaks: STUCK, subject: bareId },
  {
    name: 'the caller reference is the bare message id, with one object',
    scenario: 'one environment',
    bounds: { objects: [A] },
    breaks: STALE,
    subject: bareId,
  },
  {
    name: 'the caller reference is a digest of the paths',
    scenario: 'one environment',
    breaks: STALE,
    subject: () =>
      withModule<CallerReference>('cloudfront/caller-reference', ({ callerReference }) => ({
        callerReference: (_, paths, attempt) => callerReference(['digest'], paths, attempt),
      })),
  },
  {
    name: 'every call has a caller reference of its own',
    scenario: 'one environment',
    breaks: TWICE,
    subject: () => {
      let calls = 0;
      return withModule<CallerReference>('cloudfront/caller-reference', () => ({
        callerReference: () => `call-${calls++}`,
      }));
    },
  },
  {
    name: 'a used caller reference counts as success',
    scenario: 'a caller reference that others used',
    breaks: STALE,
    subject: () => accepting(({ message }) => message.includes('caller reference')),
  },
  {
    name: 'TooManyInvalidationsInProgress counts as success',
    scenario: 'a quota of invalidations in progress',
    breaks: STALE,
    subject: () => accepting(({ name }) => name === 'TooManyInvalidationsInProgress'),
  },
  {
    name: 'a batch is acknowledged when one of two distributions failed',
    scenario: 'two distributions',
    breaks: STALE,
    subject: () =>
      withModule<InvalidateDistribution>('dispatch/invalidate-distribution', ({ invalidateDistribution }) => ({
        invalidateDistribution: async (distribution, ...rest) => {
          const failures = await invalidateDistribution(distribution, ...rest);
          return distribution === 'E1' ? failures : new Map();
        },
      })),
  },
  {
    name: 'what is throttled is not returned',
    scenario: 'a quota of paths a second',
    breaks: STALE,
    subject: () =>
      withModule<InvalidateDistribution>('dispatch/invalidate-distribution', ({ invalidateDistribution }) => ({
        invalidateDistribution: async (...all) =>
          new Map([...(await invalidateDistribution(...all))].filter(([, { kind }]) => kind !== 'throttled')),
      })),
  },
  {
    name: 'a failure is forgotten when another environment is at work',
    scenario: 'two environments at once, and refusals',
    breaks: STALE,
    subject: () =>
      withModule<InvalidateDistribution>('dispatch/invalidate-distribution', ({ invalidateDistribution }) => {
        let atWork = 0;
        return {
          invalidateDistribution: async (...all) => {
            const alone = ++atWork === 1;
            const failures = await invalidateDistribution(...all);
            atWork--;
            return alone ? failures : new Map();
          },
        };
      }),
  },
  {
    name: 'a request with a path that CloudFront refuses is not divided',
    scenario: 'a path that CloudFront refuses',
    breaks: HARMED,
    subject: () => withModule<PathGroups>('dispatch/path-group', () => ({ bisect: () => [] })),
  },
  {
    name: 'of a request that is refused twice for the quota, some is forgotten',
    scenario: 'a path and a wildcard, each with a quota of its own',
    breaks: STALE,
    subject: () =>
      withModule<PathGroups>('dispatch/path-group', ({ splitByQuota }) => ({
        splitByQuota: (groups) => splitByQuota(groups).map((kind, at) => (at === 0 ? kind : [])),
      })),
  },
  {
    name: 'what has to be planned again counts as done',
    scenario: 'two objects, and no wildcard left for them',
    breaks: STALE,
    subject: () =>
      withModule<NextStep>('dispatch/next-step', ({ nextStep }) => ({
        nextStep: (...all) => {
          const step = nextStep(...all);
          return step.kind === 'plan again' ? { kind: 'divide', requests: [] } : step;
        },
      })),
  },
  {
    name: 'while a plan waits, somebody else is taken to cover its changes',
    scenario: 'writers whose wide plans keep their distance',
    breaks: STALE,
    subject: () =>
      withWriter((writer, clock) => {
        const holders = new Set<string>();
        return {
          async takeTurn(distribution, holder, ...rest) {
            const turn = await writer.takeTurn(distribution, holder, ...rest);
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
    name: 'the memory covers newer changes, too',
    scenario: 'one environment',
    breaks: STALE,
    subject: () => withEarlierChanges(Number.POSITIVE_INFINITY),
  },
  {
    name: 'the clocks of S3 and CloudFront are taken for the same',
    scenario: 'one environment',
    breaks: STALE,
    subject: () => withEarlierChanges(CLOCK_TOLERANCE),
  },
  {
    name: 'an invalidation of the same millisecond covers a change',
    scenario: 'one environment',
    breaks: STALE,
    subject: () => withEarlierChanges(1),
  },
  {
    name: 'the memory holds when the answer came instead of when the invalidation was created',
    scenario: 'one environment',
    breaks: STALE,
    subject: withArrivalTimes,
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
        invalidateDistribution: async (distribution, changes, dispatch, invocation) => {
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
          return invalidateDistribution(distribution, changes, { ...dispatch, writer, cloudFront }, invocation);
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
        takeTurn(distribution, holder, time, events) {
          const ledgerUnavailable = (error: unknown) => {
            throw error;
          };
          return writer.takeTurn(distribution, holder, time, { ...events, ledgerUnavailable });
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
        async takeTurn(distribution, holder, time, events) {
          let isEnding = false;
          const ledgerUnavailable = (error: unknown) => {
            if (isEnding) throw error;
          };
          const turn = await writer.takeTurn(distribution, holder, time, { ...events, ledgerUnavailable });
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
        takeTurn: (distribution, holder, time, events) =>
          writer.takeTurn(distribution, holder, withoutEnd(time), events),
      })),
  },
];

test.each(BUGS)(
  'found: $name',
  async ({ name, scenario, bounds, breaks, subject }) => {
    const [within] = SCENARIOS.filter((each) => each.name === scenario);
    if (!within) throw new Error(`There is no scenario ${scenario}`);
    const began = performance.now();
    const { states, counterexample } = await explore({ ...within, ...bounds }, subject());
    const ms = Math.round(performance.now() - began);
    process.stdout.write(`schedules, bug found after ${states} states, ${ms} ms: ${name}\n`);
    expect(counterexample?.broken).toMatch(breaks);
  },
  20_000,
);

/** The function with something else in one of its modules. */
function withModule<T extends object>(name: string, bug: (actual: T) => Partial<T>): Subject {
  const path = `../../lambda/${name}`;
  let subject: Subject | undefined;
  jest.isolateModules(() => {
    // The SDK takes long to load, and is the same for all.
    jest.doMock('@aws-sdk/client-cloudfront', () => cloudFrontSdk);
    jest.doMock('@aws-sdk/client-dynamodb', () => dynamoDBSdk);
    jest.doMock(path, () => {
      const actual = jest.requireActual<T>(path);
      return { ...actual, ...bug(actual) };
    });
    const { makeHandler } = jest.requireActual<Subject>('../../lambda/handler');
    const { makeSingleWriter } = require('../../lambda/dispatch/single-writer') as SingleWriterModule;
    const { dynamoDBLedgerStore } = require('../../lambda/dispatch/dynamodb-ledger-store') as StoreModule;
    subject = { makeHandler, makeSingleWriter, dynamoDBLedgerStore };
  });
  jest.dontMock(path);
  if (!subject) throw new Error(`${path} was not loaded`);
  return subject;
}

/** The function with another writer. */
function withWriter(bug: (actual: SingleWriter, clock: Clock) => SingleWriter): Subject {
  return withModule<SingleWriterModule>('dispatch/single-writer', ({ makeSingleWriter }) => ({
    makeSingleWriter: (store, clock, known) => bug(makeSingleWriter(store, clock, known), clock),
  }));
}

/** The function with other updates of the ledger's table. */
function withUpdates(bug: (input: Update) => Update): Subject {
  return withModule<StoreModule>('dispatch/dynamodb-ledger-store', ({ dynamoDBLedgerStore }) => ({
    dynamoDBLedgerStore: (client, table) => {
      const send = ({ input }: { readonly input: Update }, ...rest: unknown[]) =>
        client.send({ input: bug(input) } as dynamoDBSdk.UpdateItemCommand, ...(rest as []));
      return dynamoDBLedgerStore({ send } as unknown as dynamoDBSdk.DynamoDBClient, table);
    },
  }));
}

/** The function that releases the lease on another condition. */
function withReleaseIf(condition: string | undefined): Subject {
  return withUpdates((input) =>
    input.UpdateExpression?.includes('REMOVE') ? { ...input, ConditionExpression: condition } : input,
  );
}

/** The function whose writer has another store. */
function withStore(bug: (actual: LedgerStore, clock: Clock) => LedgerStore): Subject {
  return withModule<SingleWriterModule>('dispatch/single-writer', ({ makeSingleWriter }) => ({
    makeSingleWriter: (store, clock, known) => makeSingleWriter(store && bug(store, clock), clock, known),
  }));
}

/** A ledger that takes everything in it for created at a time. */
function asOf(createTime: number, ledger: Ledger): Ledger {
  return { ...ledger, invalidations: ledger.invalidations.map((each) => ({ ...each, createTime })) };
}

function withoutEnd({ over, pause }: TimeLeft): TimeLeft {
  return { over, pause, left: () => 3_600_000 };
}

function bareId(): Subject {
  return withModule<CallerReference>('cloudfront/caller-reference', () => ({
    callerReference: (messageIds) => [...messageIds].sort()[0] as string,
  }));
}

/** The function that takes changes for so many ms older than they are. */
function withEarlierChanges(ms: number): Subject {
  return withModule<RecentInvalidations>('dispatch/recent-invalidations', ({ splitCovered }) => ({
    splitCovered: (invalidations, changes) => {
      const earlier = changes.map((change) => ({ ...change, time: change.time && change.time - ms }));
      return splitCovered(invalidations, earlier);
    },
  }));
}

/** The function that takes invalidations for as old as CloudFront's answer. */
function withArrivalTimes(): Subject {
  return withModule<LedgerModule>('dispatch/ledger', ({ withAccepted }) => ({
    withAccepted: (ledger, accepted, now) => withAccepted(ledger, { ...accepted, createTime: now }, now),
  }));
}

/** The function that takes some errors of CloudFront for success. */
function accepting(isSuccess: (error: Error) => boolean): Subject {
  return withModule<CreateInvalidation>('cloudfront/create-invalidation', ({ createInvalidation }) => ({
    createInvalidation: (client, ...rest) => {
      const send = (command: cloudFrontSdk.CreateInvalidationCommand) =>
        client.send(command).catch((error: Error) => {
          if (isSuccess(error)) return { Invalidation: { Id: 'I', CreateTime: new Date(0) } };
          throw error;
        });
      return createInvalidation({ send } as unknown as cloudFrontSdk.CloudFrontClient, ...rest);
    },
  }));
}

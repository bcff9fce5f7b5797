import * as cloudFrontSdk from '@aws-sdk/client-cloudfront';
import * as dynamoDBSdk from '@aws-sdk/client-dynamodb';
import type { Clock, TimeLeft } from '../../lambda/dispatch/clock';
import type { Ledger } from '../../lambda/dispatch/ledger';
import type { LedgerStore } from '../../lambda/dispatch/ledger-store';
import type { SingleWriter } from '../../lambda/dispatch/single-writer';
import type { Subject } from './stage';

type CallerReference = typeof import('../../lambda/cloudfront/caller-reference');
type CreateInvalidation = typeof import('../../lambda/cloudfront/create-invalidation');
type LedgerModule = typeof import('../../lambda/dispatch/ledger');
type RecentInvalidations = typeof import('../../lambda/dispatch/recent-invalidations');
type SingleWriterModule = typeof import('../../lambda/dispatch/single-writer');
type StoreModule = typeof import('../../lambda/dispatch/dynamodb-ledger-store');
type Update = Partial<dynamoDBSdk.UpdateItemCommandInput>;

/** The function with something else in one of its modules. */
export function withModule<T extends object>(name: string, bug: (actual: T) => Partial<T>): Subject {
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
export function withWriter(bug: (actual: SingleWriter, clock: Clock) => SingleWriter): Subject {
  return withModule<SingleWriterModule>('dispatch/single-writer', ({ makeSingleWriter }) => ({
    makeSingleWriter: (store, clock, known) => bug(makeSingleWriter(store, clock, known), clock),
  }));
}

/** The function with other updates of the ledger's table. */
export function withUpdates(bug: (input: Update) => Update): Subject {
  return withModule<StoreModule>('dispatch/dynamodb-ledger-store', ({ dynamoDBLedgerStore }) => ({
    dynamoDBLedgerStore: (client, table) => {
      const send = ({ input }: { readonly input: Update }, ...rest: unknown[]) =>
        client.send({ input: bug(input) } as dynamoDBSdk.UpdateItemCommand, ...(rest as []));
      return dynamoDBLedgerStore({ send } as unknown as dynamoDBSdk.DynamoDBClient, table);
    },
  }));
}

/** The function that releases the lease on another condition. */
export function withReleaseIf(condition: string | undefined): Subject {
  return withUpdates((input) =>
    input.UpdateExpression?.includes('REMOVE') ? { ...input, ConditionExpression: condition } : input,
  );
}

/** The function whose writer has another store. */
export function withStore(bug: (actual: LedgerStore, clock: Clock) => LedgerStore): Subject {
  return withModule<SingleWriterModule>('dispatch/single-writer', ({ makeSingleWriter }) => ({
    makeSingleWriter: (store, clock, known) => makeSingleWriter(store && bug(store, clock), clock, known),
  }));
}

/** A ledger that takes everything in it for created at a time. */
export function asOf(createTime: number, ledger: Ledger): Ledger {
  return { ...ledger, invalidations: ledger.invalidations.map((each) => ({ ...each, createTime })) };
}

export function withoutEnd({ over, pause }: TimeLeft): TimeLeft {
  return { over, pause, left: () => 3_600_000 };
}

export function bareId(): Subject {
  return withModule<CallerReference>('cloudfront/caller-reference', () => ({
    callerReference: (messageIds) => [...messageIds].sort()[0] as string,
  }));
}

/** The function that takes changes for so many ms older than they are. */
export function withEarlierChanges(ms: number): Subject {
  return withModule<RecentInvalidations>('dispatch/recent-invalidations', ({ splitCovered }) => ({
    splitCovered: (invalidations, changes) => {
      const earlier = changes.map((change) => ({ ...change, time: change.time && change.time - ms }));
      return splitCovered(invalidations, earlier);
    },
  }));
}

/** The function that takes invalidations for as old as CloudFront's answer. */
export function withArrivalTimes(): Subject {
  return withModule<LedgerModule>('dispatch/ledger', ({ withAccepted }) => ({
    withAccepted: (ledger, accepted, now) => withAccepted(ledger, { ...accepted, createTime: now }, now),
  }));
}

/** The function that takes some errors of CloudFront for success. */
export function accepting(isSuccess: (error: Error) => boolean): Subject {
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

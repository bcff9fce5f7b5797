import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSRecord } from 'aws-lambda';
import { listable } from '../../cli/plan/bucket-in-memory';
import { readConfiguration } from '../../lambda/configuration';
import { makeSingleWriter } from '../../lambda/dispatch/single-writer';
import { makeHandler } from '../../lambda/handler';
import { FUNCTION_TIMEOUT } from '../../lib/timing';
import { type SimulatedCloudFrontOptions, simulateCloudFront } from '../../local/simulation/cloudfront';
import { simulatedListObjects } from '../../local/simulation/list-objects';
import { type MemoryLedgerStoreOptions, memoryLedgerStore } from '../../local/simulation/memory-ledger-store';
import { virtualClock } from '../../local/simulation/virtual-clock';
import { makeVirtualTime } from '../../local/simulation/virtual-time';
import { SITE, type Site } from './function';
import { batchOf, contextWith, message, s3Body } from './messages';

/** When virtual time begins. */
export const START = Date.parse('2026-11-23T12:00:00.000Z');

export interface VirtualOptions {
  readonly site?: Site;
  readonly cloudFront?: Partial<SimulatedCloudFrontOptions>;
  /** What goes wrong with DynamoDB. `off`: the ledger is off. */
  readonly ledger?: MemoryLedgerStoreOptions['fault'] | 'off';
  /** Keys of the bucket, in S3's order. @default - it is not listed, and no wildcard pays */
  readonly keys?: readonly string[];
  /** When a key was modified last. @default - long ago */
  readonly lastModified?: (key: string) => number;
  readonly start?: number;
}

/** What an invocation came to. Times in ms since the epoch. */
export interface Handled {
  readonly began: number;
  readonly ended: number;
  readonly failed: readonly string[];
  /** Whatever it logged: the message, then the fields. */
  readonly log: readonly (readonly [string, Record<string, unknown>])[];
  readonly counts: ReadonlyMap<string, number>;
}

/** Execution environments of one function, in virtual time, before the same CloudFront, bucket and ledger. */
export function virtualEnvironments({
  site = SITE,
  cloudFront = {},
  ledger,
  keys,
  lastModified,
  start = START,
}: VirtualOptions = {}) {
  const time = makeVirtualTime(start);
  const invalidations: { readonly paths: readonly string[]; readonly createTime: number }[] = [];
  const calls: { readonly paths: readonly string[]; readonly isAccepted: boolean }[] = [];
  const distributions = [...new Set(site.origins.map(({ distribution }) => distribution))];
  const makeClient = simulateCloudFront({
    distributions,
    ...cloudFront,
    time,
    onInvalidation: (paths, createTime) => invalidations.push({ paths, createTime }),
    onCall: (call) => calls.push(call),
  });
  const store =
    ledger === 'off' ? undefined : memoryLedgerStore({ time, fault: (call) => ledger?.(call) ?? undefined });
  const configuration = readConfiguration({
    ORIGINS: JSON.stringify(site.origins),
    INDEX_DOCUMENT: site.indexDocument,
    MAX_PATHS_PER_DAY: site.maxPathsPerDay?.toString(),
    INSPECT_BUCKET: keys ? 'on' : 'off',
    REFETCHES_PER_PATH: keys ? undefined : '1e-6',
  });
  const listObjects = simulatedListObjects(time, { list: listable(keys ?? [], lastModified ?? (() => 0)) });

  /** @param skew how far its clock is ahead, in ms */
  function startEnvironment(skew = 0) {
    let log: [string, Record<string, unknown>][] = [];
    let counts = new Map<string, number>();
    const write = (text: string, fields: Record<string, unknown>) => void log.push([text, fields]);
    const logger = { addContext() {}, debug: write, info: write, warn: write, error: write } as unknown as Logger;
    const clock = virtualClock(time, skew);
    const handler = makeHandler({
      ...{ configuration, listObjects, logger, clock },
      cloudFront: makeClient(2),
      writer: makeSingleWriter(store, clock),
      publishMetrics: (published) => {
        counts = new Map(published.counts);
      },
    });
    /** Begins an invocation at a time; it goes on while time runs. */
    return (records: readonly SQSRecord[], at = time.now(), remaining = FUNCTION_TIMEOUT * 1000): Promise<Handled> =>
      new Promise((resolve) => {
        time.at(at, () =>
          time.begin(async () => {
            log = [];
            const began = time.now();
            const context = {
              ...contextWith(),
              getRemainingTimeInMillis: () => began + remaining - time.now(),
            };
            const { batchItemFailures } = await handler(batchOf(...records), context);
            const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
            resolve({ began, ended: time.now(), failed, log, counts });
          }),
        );
      });
  }

  let messages = 0;
  return {
    time,
    invalidations,
    calls,
    store,
    startEnvironment,
    /** Messages of changes that happened so long ago, in ms. */
    changesOf(names: readonly string[], ago = 5000, receiveCount = 1): SQSRecord[] {
      const changed = new Date(time.now() - ago).toISOString();
      return names.map((name) => message(`m${messages++}`, s3Body(name, { time: changed }), receiveCount));
    },
    /** Lets so much time pass, in ms. */
    async pass(ms: number): Promise<void> {
      const until = time.now() + ms;
      time.at(until, () => {});
      await time.run(until);
    },
    /** Lets time pass until nothing is left to be done. */
    async settled<T>(...handled: Promise<T>[]): Promise<T[]> {
      const all = Promise.all(handled);
      await time.run(Number.POSITIVE_INFINITY);
      return all;
    },
    paths: () => invalidations.map(({ paths }) => [...paths].sort()),
  };
}

export const countOf = ({ log }: Handled, text: string) => log.filter(([each]) => each === text).length;

export const waitsOf = ({ log }: Handled) =>
  log.filter(([text]) => text === 'Waiting').map(([, { why, ms }]) => [why, ms] as const);

export const numbered = (count: number, prefix = 'page-') =>
  Array.from({ length: count }, (_, at) => `${prefix}${String(at).padStart(5, '0')}`);

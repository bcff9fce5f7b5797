import { setTimeout } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { listable } from '../../cli/plan/bucket-in-memory';
import type { ListObjects } from '../../lambda/bucket/list-objects';
import { makeCloudFrontClient } from '../../lambda/cloudfront/client';
import { makeFollower } from '../../lambda/completion/follow';
import { putEventsOn } from '../../lambda/completion/put-event';
import { sendLaterTo } from '../../lambda/completion/send-later';
import { readConfiguration } from '../../lambda/configuration';
import type { Origin } from '../../lambda/contract/environment';
import { targetsOf } from '../../lambda/contract/target';
import { type Clock, systemClock } from '../../lambda/dispatch/clock';
import { makeDistributionReader } from '../../lambda/dispatch/distribution-reader';
import type { LedgerStore } from '../../lambda/dispatch/ledger-store';
import { makeSingleWriter } from '../../lambda/dispatch/single-writer';
import { makeHandler } from '../../lambda/handler';
import { JsonLogger } from '../../lambda/telemetry/json-logger';
import { publishWithEmf } from '../../lambda/telemetry/metrics';
import { type LocalCloudFront, type LocalCloudFrontOptions, startCloudFront } from '../../local/cloudfront/server';
import { isMetrics } from '../../local/log-line';
import { metricsIn } from './emf';
import { batchOf, contextWith } from './messages';

/** What the stack tells the function in most tests. */
export interface Site {
  readonly origins: readonly Origin[];
  /** @default - as the distribution says */
  readonly indexDocument?: string;
  /** @default false */
  readonly readDistribution?: boolean;
  /** @default false */
  readonly requests?: boolean;
  /** Where EventBridge and the function's queue are. @default - nobody is told of what is accepted and completed */
  readonly events?: { readonly eventBridge: string; readonly queueUrl: string };
  readonly dryRun?: boolean;
  readonly maxPathsPerDay?: number;
}

export const SITE: Site = { origins: [{ bucket: 'site', distribution: 'E1SITE', path: '' }], indexDocument: '' };

/** Of a pause of any length, in ms: an answer of this machine's CloudFront comes sooner, for whoever does not wait. */
const PAUSE = 20;

/** The system's, but that pauses end soon, and their time has passed then. */
function impatientClock(): Clock & { pass(ms: number): void } {
  let passed = 0;
  const pass = (ms: number) => {
    passed += ms;
  };
  const pause = async (ms: number) => {
    await setTimeout(PAUSE);
    pass(ms);
  };
  return { ...systemClock, now: () => systemClock.now() + passed, pause, pass };
}

/** A bucket that holds what changed long ago. */
export function listing(keys: readonly string[]): ListObjects {
  const page = listable(keys, () => 0);
  return async ({ prefix, startAfter, maxKeys }) => page(prefix, startAfter, maxKeys);
}

/** What execution environments of a function have in common. */
export interface Shared {
  /** @default - one is started, and stopped with the environment */
  readonly cloudFront?: LocalCloudFront;
  /** @default - every environment keeps a ledger of its own */
  readonly ledgerStore?: LedgerStore;
  /** @default - pauses take hardly any time, but count in full */
  readonly clock?: Clock;
}

/** An execution environment: the handler with its real client, over HTTP, before a CloudFront of this machine. */
export async function startFunction(
  {
    origins,
    indexDocument,
    readDistribution = false,
    requests = false,
    dryRun = false,
    maxPathsPerDay,
    events,
  }: Site = SITE,
  options: Partial<LocalCloudFrontOptions> = {},
  list?: ListObjects,
  shared: Shared = {},
) {
  const distributions = [...new Set(origins.map(({ distribution }) => distribution))];
  const tenants = Object.fromEntries(
    origins.flatMap(({ tenant, distribution }) => (tenant ? [[tenant, distribution]] : [])),
  );
  const cloudFront = shared.cloudFront ?? (await startCloudFront({ distributions, tenants, ...options }));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDFRONT: cloudFront.url,
    ...(events && {
      AWS_ENDPOINT_URL_EVENTBRIDGE: events.eventBridge,
      AWS_ENDPOINT_URL_SQS: new URL(events.queueUrl).origin,
    }),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const client = makeCloudFrontClient();
  const impatient = impatientClock();
  const clock = shared.clock ?? impatient;
  const writer = makeSingleWriter(shared.ledgerStore, clock);
  let failing: { distribution: string; error: Error } | undefined;
  const configuration = readConfiguration({
    ORIGINS: JSON.stringify(origins),
    INDEX_DOCUMENT: indexDocument,
    READ_DISTRIBUTION: readDistribution ? 'on' : 'off',
    REQUESTS: requests ? 'on' : undefined,
    EVENT_BUS: events && 'default',
    QUEUE_URL: events?.queueUrl,
    DRY_RUN: dryRun ? 'on' : undefined,
    MAX_PATHS_PER_DAY: maxPathsPerDay?.toString(),
    INSPECT_BUCKET: list ? 'on' : 'off',
    // Without a bucket to list, unchanged objects are so dear that no wildcard pays: the plans are not what is tested then.
    REFETCHES_PER_PATH: list ? undefined : '1e-6',
  });
  const handler = makeHandler({
    configuration,
    cloudFront: client,
    reader: readDistribution ? makeDistributionReader(client, configuration.origins, clock) : undefined,
    follower:
      configuration.events &&
      makeFollower({
        targets: targetsOf(origins),
        cloudFront: client,
        putEvent: putEventsOn(configuration.events.bus),
        sendLater: sendLaterTo(configuration.events.queueUrl),
        clock,
      }),
    listObjects: list ?? listing([]),
    writer: {
      async takeTurn(target, ...rest) {
        if (target.distribution === failing?.distribution) throw failing.error;
        return writer.takeTurn(target, ...rest);
      },
    },
    logger: new JsonLogger({ logLevel: 'DEBUG' }),
    publishMetrics: publishWithEmf('invalidator'),
    clock,
  });
  return {
    cloudFront,
    /** The function's time, in which it has paused. */
    now: clock.now,
    /** Lets time pass between two batches, in ms. */
    pass: impatient.pass,
    /** Hands a batch to the function: the ids of the messages that are retried, what it logged, as lines, those on stderr, and as written, and its metrics. */
    async receive(records: readonly SQSRecord[], remainingMs?: number) {
      const context = contextWith(remainingMs);
      const lines: string[] = [];
      const errors: string[] = [];
      const writeTo = (line: unknown, ...all: string[][]) => all.every((each) => each.push(String(line)));
      const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => writeTo(line, lines));
      const writeError = jest.spyOn(process.stderr, 'write').mockImplementation((line) => writeTo(line, lines, errors));
      try {
        const { batchItemFailures } = await handler(batchOf(...records), context);
        return {
          requestId: context.awsRequestId,
          returned: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
          log: lines.flatMap(parse).filter((line) => !isMetrics(line)),
          errors: errors.flatMap(parse),
          metrics: metricsIn(lines.flatMap(parse)),
          written: lines.join(''),
        };
      } finally {
        write.mockRestore();
        writeError.mockRestore();
      }
    },
    /** From now on something unforeseen goes wrong in a distribution. */
    failIn(distribution: string, error = new Error('Something unforeseen')) {
      failing = { distribution, error };
    },
    async stop() {
      client.destroy();
      if (!shared.cloudFront) await cloudFront.close();
    },
  };
}

export type RunningFunction = Awaited<ReturnType<typeof startFunction>>;
export type LogLine = Record<string, unknown> & { level: string; message: string };

/** Every line must be one JSON object. */
function parse(text: string): LogLine[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

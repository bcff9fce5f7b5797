import { setTimeout } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { listable } from '../../local/simulation/bucket';
import { makeCloudFrontClient } from '../../lambda/cloudfront/client';
import { readConfiguration } from '../../lambda/configuration';
import type { Origin } from '../../lambda/contract/environment';
import { type Clock, systemClock } from '../../lambda/dispatch/clock';
import { makeRecentInvalidations } from '../../lambda/dispatch/recent-invalidations';
import { makeStrain } from '../../lambda/dispatch/strain';
import { makeHandler } from '../../lambda/handler';
import type { ListObjects } from '../../lambda/plan/inventory';
import { planWithInventory } from '../../lambda/plan/plan';
import { JsonLogger } from '../../lambda/telemetry/json-logger';
import { publishWithEmf } from '../../lambda/telemetry/metrics';
import { type LocalCloudFrontOptions, startCloudFront } from '../../local/cloudfront/server';
import { isMetrics } from '../../local/log-line';
import { metricsIn } from './emf';
import { batchOf, contextWith } from './messages';

/** What the stack tells the function in most tests. */
export interface Site {
  readonly origins: readonly Origin[];
  readonly indexDocument: string;
  readonly dryRun?: boolean;
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

/** The handler with its real client, over HTTP, before a CloudFront of this machine. */
export async function startFunction(
  { origins, indexDocument, dryRun = false } = SITE,
  options: Partial<LocalCloudFrontOptions> = {},
  list?: ListObjects,
) {
  const distributions = [...new Set(origins.map(({ distribution }) => distribution))];
  const cloudFront = await startCloudFront({ distributions, ...options });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDFRONT: cloudFront.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const client = makeCloudFrontClient();
  const clock = impatientClock();
  let unplannable: { distribution: string; error: Error } | undefined;
  const handler = makeHandler({
    configuration: readConfiguration({
      ORIGINS: JSON.stringify(origins),
      INDEX_DOCUMENT: indexDocument,
      DRY_RUN: dryRun ? 'on' : undefined,
    }),
    cloudFront: client,
    logger: new JsonLogger({ logLevel: 'DEBUG' }),
    publishMetrics: publishWithEmf('invalidator'),
    memory: makeRecentInvalidations(),
    strain: makeStrain(() => 0),
    // Without a bucket to list, unchanged objects are so dear that no wildcard pays: the plans are not what is tested then.
    plan: async (distribution, changes, options, maxDuration) => {
      if (distribution === unplannable?.distribution) throw unplannable.error;
      return planWithInventory(changes, {
        ...options,
        ...(!list && { refetchesPerPath: 1e-6 }),
        census: list && { origins, list, maxDuration },
      });
    },
    clock,
  });
  return {
    cloudFront,
    /** The function's time, in which it has paused. */
    now: clock.now,
    /** Lets time pass between two batches, in ms. */
    pass: clock.pass,
    /** Hands a batch to the function: the ids of the messages that come back, what it logged, as lines, those on stderr, and as written, and its metrics. */
    async receive(records: readonly SQSRecord[], remainingMs?: number) {
      const lines: string[] = [];
      const errors: string[] = [];
      const writeTo = (line: unknown, ...all: string[][]) => all.every((each) => each.push(String(line)));
      const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => writeTo(line, lines));
      const writeError = jest.spyOn(process.stderr, 'write').mockImplementation((line) => writeTo(line, lines, errors));
      try {
        const { batchItemFailures } = await handler(batchOf(...records), contextWith(remainingMs));
        return {
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
    /** From now on no plan can be made for a distribution. */
    failPlan(distribution: string, error = new Error('The planner failed')) {
      unplannable = { distribution, error };
    },
    async stop() {
      client.destroy();
      await cloudFront.close();
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

import { openSync, writeSync } from 'node:fs';
import { Logger } from '@aws-lambda-powertools/logger';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { Context } from 'aws-lambda';
import { readConfiguration } from '../lambda/configuration';
import { ORIGINS } from '../lambda/contract/environment';
import { systemClock } from '../lambda/dispatch/clock';
import { EMPTY_LEDGER } from '../lambda/dispatch/ledger';
import type { SingleWriter } from '../lambda/dispatch/single-writer';
import { makeHandler } from '../lambda/handler';
import { publishWithEmf } from '../lambda/telemetry/metrics';
import { messageOf } from '../local/simulation/message';
import { leastCpu, ratio } from './cpu';
import { keysOfASite } from './speed-planning';

const MESSAGES = 3000;
const ROUNDS = 60;

/** CPU of a whole batch in a warm function, all but the network, next to what no function can do without. */
export async function measureBatch(): Promise<string> {
  const records = keysOfASite(MESSAGES).map((key, at) => messageOf(key, { id: `message-${at}` }));
  const handler = makeHandler({
    configuration: readConfiguration({
      [ORIGINS]: JSON.stringify([{ bucket: 'site', distribution: 'E1', path: '' }]),
    }),
    cloudFront: acceptingCloudFront(),
    logger: new Logger({ serviceName: 'cloudfront-invalidator' }),
    publishMetrics: publishWithEmf('cloudfront-invalidator'),
    listObjects: () => Promise.reject(new Error('The bucket is not listed')),
    writer: fullLedger(),
    clock: systemClock,
  });
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 } as Context;
  const [floor, whole] = await withoutOutput(() =>
    leastCpu(ROUNDS, [() => records.map(({ body }) => keyOf(body)), () => handler({ Records: records }, context)]),
  );
  return (
    `A warm batch of ${MESSAGES.toLocaleString('en')} messages takes ${whole?.toFixed(1)} ms of CPU, ${ratio(whole, floor)} times the` +
    ` ${floor?.toFixed(1)} ms of parsing its JSON and decoding its keys.\n`
  );
}

interface S3Body {
  readonly Records: readonly { readonly s3: { readonly object: { readonly key: string } } }[];
}

function keyOf(body: string): string | undefined {
  const key = (JSON.parse(body) as S3Body).Records[0]?.s3.object.key;
  return key === undefined ? key : decodeURIComponent(key.replaceAll('+', ' '));
}

/** Accepts at once, and says that it did long before the changes: else the memory would cover the next batch. */
function acceptingCloudFront(): CloudFrontClient {
  const Invalidation = { Id: 'I1', Status: 'InProgress', CreateTime: LONG_AGO };
  return { send: async () => ({ Invalidation }) } as unknown as CloudFrontClient;
}

const LONG_AGO = new Date('2020-01-01T00:00:00Z');

/** A ledger with as many paths as it holds, of which none covers anything: every tenth a wildcard, of dozens of lengths. */
function fullLedger(): SingleWriter {
  const paths = keysOfASite(20_000).map((key, at) =>
    at % 200 === 0 ? `/${key.slice(0, 5 + ((at / 200) % 30))}*` : `/${key}`,
  );
  const ledger = { ...EMPTY_LEDGER, invalidations: [{ id: 'I0', createTime: LONG_AGO.getTime(), paths }] };
  return { takeTurn: async () => ({ ledger, holdsLease: true, end: async () => {} }) };
}

/** Everything that is logged meanwhile is written, but nobody sees it. */
async function withoutOutput<T>(work: () => Promise<T>): Promise<T> {
  const nowhere = openSync('/dev/null', 'w');
  const { write } = process.stdout;
  process.stdout.write = (chunk: string | Uint8Array) => writeSync(nowhere, String(chunk)) > 0;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}

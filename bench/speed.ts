import { readBatch } from '../lambda/batch';
import { readConfiguration } from '../lambda/configuration';
import { ORIGINS } from '../lambda/environment';
import { viewerPaths } from '../lambda/path';
import { planFor, treeOf } from '../lambda/plan';
import { radixTree } from '../lambda/radix-tree';
import { seeded } from './random';

const RUNS = 5;

/** CPU and memory of planning, and of understanding and planning a whole batch against the floor of merely reading it. */
export function measureSpeed(): void {
  console.log('| changed keys | ms | growth | peak MB of the process |\n| --: | --: | --: | --: |');
  let before: number | undefined;
  for (const count of [1_000, 10_000, 100_000, 1_000_000]) {
    const paths = keysOfASite(count).map((key) => ownString(viewerPaths(key, '', '')[0] ?? ''));
    const ms = medianOf(RUNS, () => planFor(radixTree(paths), []));
    const growth = before === undefined ? '' : `x ${(ms / before).toFixed(1)}`;
    const peak = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(`| ${count.toLocaleString('en')} | ${ms.toFixed(1)} | ${growth} | ${peak} |`);
    before = ms;
  }

  const records = keysOfASite(3000).map(messageOf);
  const configuration = readConfiguration({
    [ORIGINS]: JSON.stringify([{ bucket: 'site', distribution: 'E1', path: '' }]),
  });
  const floor = medianOf(4 * RUNS, () => records.map(({ body }) => keyOf(body)));
  const whole = medianOf(4 * RUNS, () => {
    const { changes } = readBatch(records, configuration);
    const all = changes.get('E1') ?? [];
    return planFor(treeOf(all), all);
  });
  console.log(
    `\nA warm batch of 3,000 messages: ${whole.toFixed(1)} ms to understand and plan, ${(whole / floor).toFixed(1)} times` +
      ` the ${floor.toFixed(1)} ms of parsing its JSON and decoding its keys.`,
  );
}

/** In ms, after one run to warm up. */
function medianOf(runs: number, work: () => unknown): number {
  if (runs > 1) work();
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.sort((a, b) => a - b)[runs >>> 1] as number;
}

/** The keys of a site, in no order. */
function keysOfASite(count: number): string[] {
  const random = seeded(count);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, at) =>
    ownString(`site/${below(50)}/posts/${below(1000)}/${below(1e6)}/page-${at}.html`),
  );
}

/** A string without the parts that it was put together from, as JSON.parse makes them. */
function ownString(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

interface S3Body {
  readonly Records: readonly { readonly s3: { readonly object: { readonly key: string } } }[];
}

function keyOf(body: string): string | undefined {
  const key = (JSON.parse(body) as S3Body).Records[0]?.s3.object.key;
  return key === undefined ? key : decodeURIComponent(key.replaceAll('+', ' '));
}

/** A message of SQS with the notification that S3 sends for an upload. */
function messageOf(key: string, at: number): Parameters<typeof readBatch>[0][number] {
  const body = {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'eu-central-1',
        eventTime: '2026-11-23T05:00:00.000Z',
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'AWS:AROAEXAMPLEEXAMPLE:deploy' },
        requestParameters: { sourceIPAddress: '192.0.2.1' },
        responseElements: {
          'x-amz-request-id': 'C3D13FE58DE4C810',
          'x-amz-id-2': 'FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S'.repeat(2),
        },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'YmVuY2gtb2YtdGhlLWludmFsaWRhdG9y',
          bucket: { name: 'site', ownerIdentity: { principalId: 'A3NL1KOZZKExample' }, arn: 'arn:aws:s3:::site' },
          object: {
            key: encodeURIComponent(key).replaceAll('%20', '+'),
            size: 1024,
            eTag: 'd41d8cd98f00b204e9800998ecf8427e',
            sequencer: '0A1B2C3D4E5F678901',
          },
        },
      },
    ],
  };
  return {
    messageId: `message-${at}`,
    receiptHandle: '',
    body: JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1795410000000',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
}

import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoDBLedgerStore, makeDynamoDBClient } from '../../lambda/dispatch/dynamodb-ledger-store';
import type { Acquisition, LedgerStore } from '../../lambda/dispatch/ledger-store';
import { createResources } from '../../local/create-resources';
import { type LocalDynamoDB, startDynamoDB } from '../../local/dynamodb/server';
import { readLease } from '../../local/page/lease';
import { readStack } from '../../local/template/stack-model';
import { LEDGER_TABLE } from './ledger-table';

/** The function's store and its client, over HTTP, against the table that the local run makes of a template. */
let dynamoDB: LocalDynamoDB;
let client: DynamoDBClient;
let store: LedgerStore;

const TABLE = 'Ledger';
const NOW = 1_800_000_000_000;

beforeAll(async () => {
  dynamoDB = await startDynamoDB();
  process.env.AWS_ENDPOINT_URL_DYNAMODB = dynamoDB.url;
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID = 'local';
  process.env.AWS_SECRET_ACCESS_KEY = 'local';
  client = makeDynamoDBClient();
  store = dynamoDBLedgerStore(client, TABLE);
  const model = readStack({ Resources: { [TABLE]: LEDGER_TABLE } }, 'Stack', '');
  const others = { s3: new S3Client(), sqs: new SQSClient() };
  await createResources(model, { ...others, dynamoDB: client }, () => undefined);
});

afterEach(() => {
  dynamoDB.fault = undefined;
});

afterAll(async () => {
  client.destroy();
  await dynamoDB.close();
});

const within = (ms: number) => AbortSignal.timeout(ms);

function acquire(distribution: string, holder: string, now = NOW, expires = now + 45_000): Promise<Acquisition> {
  return store.acquire(distribution, { holder, expires }, now, within(5_000));
}

function release(distribution: string, holder: string, ledger: string): Promise<boolean> {
  return store.release(distribution, holder, Buffer.from(ledger), within(5_000));
}

function textOf(acquisition: Acquisition): string | undefined {
  if (acquisition.kind === 'held') return 'held';
  return acquisition.ledger && Buffer.from(acquisition.ledger).toString();
}

test('a lease that nobody holds is acquired, without a ledger the first time', async () => {
  expect(await store.isFree('EFREE', NOW, within(5_000))).toBe(true);
  expect(await acquire('EFREE', 'a')).toEqual({ kind: 'acquired', ledger: undefined });
  expect(await store.isFree('EFREE', NOW, within(5_000))).toBe(false);
});

test('a lease that is held is not acquired, and stays with its holder', async () => {
  await acquire('EHELD', 'a');
  expect(await acquire('EHELD', 'b', NOW + 44_999)).toEqual({ kind: 'held' });
  expect(await release('EHELD', 'a', 'by a')).toBe(true);
});

test('of many that ask at the same time one acquires it', async () => {
  const asked = await Promise.all(Array.from({ length: 20 }, (_, at) => acquire('EMANY', `holder ${at}`)));
  expect(asked.filter(({ kind }) => kind === 'acquired')).toHaveLength(1);
});

test('a lease that is released is acquired with the ledger that its holder wrote', async () => {
  await acquire('ERELEASED', 'a');
  expect(await release('ERELEASED', 'a', 'by a')).toBe(true);
  expect(await store.isFree('ERELEASED', NOW, within(5_000))).toBe(true);
  expect(textOf(await acquire('ERELEASED', 'b'))).toBe('by a');
});

test('a lease that has expired is acquired, with the ledger as it was before it', async () => {
  await acquire('EEXPIRED', 'a');
  await release('EEXPIRED', 'a', 'by a');
  await acquire('EEXPIRED', 'b');
  expect(await store.isFree('EEXPIRED', NOW + 45_000, within(5_000))).toBe(true);
  expect(textOf(await acquire('EEXPIRED', 'c', NOW + 45_000))).toBe('by a');
});

test('a release by somebody who has lost the lease is refused, and writes nothing', async () => {
  await acquire('ELOST', 'a');
  await acquire('ELOST', 'b', NOW + 45_000);
  expect(await release('ELOST', 'a', 'by a')).toBe(false);
  expect(await release('ELOST', 'b', 'by b')).toBe(true);
  expect(await release('ELOST', 'b', 'by b again')).toBe(false);
  expect(textOf(await acquire('ELOST', 'c'))).toBe('by b');
});

test('each distribution has a lease of its own', async () => {
  await acquire('EONE', 'a');
  expect(await acquire('ETWO', 'b')).toMatchObject({ kind: 'acquired' });
});

describe('the page', () => {
  const read = (distribution: string) => readLease({ client, table: TABLE }, distribution);

  test('reads who holds the lease, and until when', async () => {
    expect(await read('EREAD')).toBeUndefined();
    await acquire('EREAD', 'a');
    expect(await read('EREAD')).toEqual({ holder: 'a', expires: NOW + 45_000 });
    await release('EREAD', 'a', 'by a');
    expect(await read('EREAD')).toBeUndefined();
  });

  test('goes on without a table, and with one that does not answer', async () => {
    expect(await readLease(undefined, 'EREAD')).toBeUndefined();
    dynamoDB.fault = { kind: 'hang' };
    expect(await read('EREAD')).toBeUndefined();
  });
});

describe('a store that', () => {
  /** What each of its methods does with a signal of so many milliseconds. */
  async function failures(ms: number): Promise<string[]> {
    const signal = within(ms);
    const calls = [
      store.acquire('EFAULT', { holder: 'a', expires: NOW + 45_000 }, NOW, signal),
      store.isFree('EFAULT', NOW, signal),
      store.release('EFAULT', 'a', Buffer.from(''), signal),
    ];
    const settled = await Promise.allSettled(calls);
    return settled.map((each) => (each.status === 'rejected' ? (each.reason as Error).name : 'answered'));
  }

  test('hangs throws when its signal says so', async () => {
    dynamoDB.fault = { kind: 'hang' };
    const began = Date.now();
    expect(await failures(300)).toEqual(Array(3).fill('AbortError'));
    expect(Date.now() - began).toBeGreaterThanOrEqual(290);
    expect(Date.now() - began).toBeLessThan(900);
  });

  test('hangs throws though no signal comes: two attempts of a second each', async () => {
    dynamoDB.fault = { kind: 'hang' };
    const began = Date.now();
    expect(await failures(60_000)).toEqual(Array(3).fill('TimeoutError'));
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  test('refuses throws what it says', async () => {
    dynamoDB.fault = { kind: 'refuse', status: 400, code: 'AccessDeniedException' };
    expect(await failures(5_000)).toEqual(Array(3).fill('AccessDeniedException'));
  });

  test('is throttled throws', async () => {
    dynamoDB.fault = { kind: 'refuse', status: 400, code: 'ThrottlingException' };
    expect(await failures(5_000)).toEqual(Array(3).fill('ThrottlingException'));
  });

  test('is down throws', async () => {
    const gone = await startDynamoDB();
    await gone.close();
    const lost = new DynamoDBClient({ endpoint: gone.url, maxAttempts: 1 });
    const acquiring = dynamoDBLedgerStore(lost, TABLE).acquire('E', { holder: 'a', expires: 1 }, 0, within(5_000));
    await expect(acquiring).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    lost.destroy();
  });
});

test('no web page may ask: an answer allows no origin', async () => {
  const answer = await fetch(dynamoDB.url, { headers: { Origin: 'https://evil.example' } });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test('a client that goes away within its request leaves the server as it was', async () => {
  const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('{')) });
  const request = { method: 'POST', body, duplex: 'half', signal: within(100) } as RequestInit;
  await expect(fetch(dynamoDB.url, request)).rejects.toThrow();
  const Key = { distribution: { S: 'EAFTER' } };
  await client.send(new UpdateItemCommand({ TableName: TABLE, Key }));
});

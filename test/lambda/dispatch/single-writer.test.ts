import { createServer, type Server } from 'node:http';
import { CreateTableCommand, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { systemClock } from '../../../lambda/dispatch/clock';
import { dynamoDBLedgerStore, makeDynamoDBClient } from '../../../lambda/dispatch/dynamodb-ledger-store';
import type { LedgerStore } from '../../../lambda/dispatch/ledger-store';
import { type LocalCloudFront, startCloudFront } from '../../../local/cloudfront/server';
import { type DynamoDBFault, type LocalDynamoDB, startDynamoDB } from '../../../local/dynamodb/server';
import { closeServer, listenOnLoopback } from '../../../local/loopback';
import { eventually } from '../../local/eventually';
import { type RunningFunction, SITE, type Site, startFunction } from '../function';
import { message, s3Body } from '../messages';
import { type Handled, numbered, virtualEnvironments, waitsOf } from '../virtual-environments';

const TABLE = 'Ledger';
const TWO: Site = {
  ...SITE,
  origins: ['E1SITE', 'E2OTHER'].map((distribution) => ({ bucket: 'site', distribution, path: '' })),
};

const durationOf = ({ began, ended }: Handled) => ended - began;

describe('with the real API', () => {
  let dynamoDB: LocalDynamoDB;
  let cloudFront: LocalCloudFront;
  let client: DynamoDBClient;
  let store: LedgerStore;
  let running: RunningFunction[] = [];
  let proxy: Server | undefined;

  beforeEach(async () => {
    dynamoDB = await startDynamoDB();
    cloudFront = await startCloudFront({ distributions: ['E1SITE', 'E2OTHER'] });
    pointTo(dynamoDB.url);
    await client.send(
      new CreateTableCommand({
        TableName: TABLE,
        AttributeDefinitions: [{ AttributeName: 'distribution', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'distribution', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  });

  afterEach(async () => {
    for (const each of running) await each.stop();
    running = [];
    client.destroy();
    await cloudFront.close();
    if (proxy) await closeServer(proxy);
    proxy = undefined;
    await dynamoDB.close();
  });

  function pointTo(url: string): void {
    const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
    Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB: url, AWS_REGION: 'us-east-1', ...credentials });
    client = makeDynamoDBClient();
    store = dynamoDBLedgerStore(client, TABLE);
  }

  async function start(site: Site = SITE) {
    const environment = await startFunction(site, {}, undefined, {
      cloudFront,
      ledgerStore: store,
      clock: systemClock,
    });
    running.push(environment);
    return environment;
  }

  const uploads = (keys: readonly string[], ago = 5000) =>
    keys.map((key, at) =>
      message(`${key}-${ago}-${at}`, s3Body(key, { time: new Date(Date.now() - ago).toISOString() })),
    );

  const stored = async () => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: TABLE, Key: { distribution: { S: 'E1SITE' } }, ConsistentRead: true }),
    );
    return Item;
  };

  test('an environment finds covered what another one invalidated, and the lease is free afterwards', async () => {
    const [one, other] = [await start(), await start()];
    expect((await one.receive(uploads(['a.html']))).returned).toEqual([]);
    expect(await stored()).not.toHaveProperty('holder');
    const { returned, log } = await other.receive(uploads(['a.html'], 4000));
    expect(returned).toEqual([]);
    expect(cloudFront.calls).toHaveLength(1);
    expect(log.map((line) => line.message)).toContain('Already covered');
  });

  test('while one plans, another waits, and then finds its changes covered', async () => {
    let looks = 0;
    const { isFree } = store;
    store = {
      ...store,
      isFree(...of) {
        looks += 1;
        return isFree(...of);
      },
    };
    const environment = await start();
    const other = await store.acquire(
      'E1SITE',
      { holder: 'other', expires: Date.now() + 30_000 },
      Date.now(),
      AbortSignal.timeout(5000),
    );
    expect(other.kind).toBe('acquired');
    const handled = environment.receive(uploads(['a.html']));
    await eventually(
      async () => looks,
      (count) => count > 1,
    );
    expect(cloudFront.calls).toEqual([]);
    await store.release('E1SITE', 'other', new Uint8Array(), AbortSignal.timeout(5000));
    const { returned, log } = await handled;
    expect(returned).toEqual([]);
    expect(log).toContainEqual(expect.objectContaining({ message: 'Waiting', why: 'LeaseHeld' }));
  });

  test('a lease outlasts its invocation by seconds: one that is killed keeps nobody waiting for more than 45 s', async () => {
    const environment = await start();
    let expires = 0;
    let lasts = 0;
    cloudFront.fault = async () => {
      expires = Number((await stored())?.expires?.N);
      lasts = expires - Date.now();
      return undefined;
    };
    const began = Date.now();
    await environment.receive(uploads(['a.html']), 40_000);
    expect(expires - began).toBeGreaterThan(40_000);
    expect(lasts).toBeLessThan(45_000);
  });

  test.each<[string, DynamoDBFault]>([
    ['hangs', { kind: 'hang' }],
    ['is throttled', { kind: 'refuse', status: 400, code: 'ThrottlingException' }],
    ['is denied', { kind: 'refuse', status: 400, code: 'AccessDeniedException' }],
    ['has no such table', { kind: 'refuse', status: 400, code: 'ResourceNotFoundException' }],
    ['fails', { kind: 'refuse', status: 500, code: 'InternalServerError' }],
  ])('a DynamoDB that %s costs one warning and 2 s at most, and nothing else', async (_, fault) => {
    const environment = await start(TWO);
    dynamoDB.fault = fault;
    const began = Date.now();
    const { returned, log, metrics } = await environment.receive(uploads(['a.html', 'b.html']));
    // Two seconds, on a machine that may be busy: without a bound it would be all of the invocation's time.
    expect(Date.now() - began).toBeLessThan(8000);
    expect(returned).toEqual([]);
    const warnings = log.filter((line) => line.message === 'Ledger unavailable');
    expect(warnings).toEqual([
      expect.objectContaining({ level: 'WARN', error: expect.any(String), why: expect.any(String) }),
    ]);
    expect(metrics.LedgerUnavailable).toEqual([1]);
    expect(cloudFront.invalidations.map(({ paths }) => paths)).toEqual(Array(2).fill(['/a.html', '/b.html']));
    // What it did itself, it still knows.
    await environment.receive(uploads(['a.html'], 4000));
    expect(cloudFront.calls).toHaveLength(2);
    // And once DynamoDB is back, so does everybody.
    dynamoDB.fault = undefined;
    await environment.receive(uploads(['c.html'], 4000));
    const other = await start(TWO);
    await other.receive(uploads(['a.html'], 4500));
    expect(cloudFront.calls.filter(({ paths }) => paths.includes('/a.html'))).toHaveLength(2);
  });

  test('a DynamoDB that cannot be reached, or fails only in the end, costs no more', async () => {
    const environment = await start();
    cloudFront.fault = () => {
      dynamoDB.fault = { kind: 'hang' };
      return undefined;
    };
    const began = Date.now();
    const { returned, log } = await environment.receive(uploads(['a.html']));
    // Two seconds, on a machine that may be busy: without a bound it would be all of the invocation's time.
    expect(Date.now() - began).toBeLessThan(8000);
    expect(returned).toEqual([]);
    expect(log.filter((line) => line.message === 'Ledger unavailable')).toHaveLength(1);
    pointTo('http://127.0.0.1:1');
    const lost = await start();
    const second = await lost.receive(uploads(['b.html']));
    expect(second.returned).toEqual([]);
    expect(second.log.filter((line) => line.message === 'Ledger unavailable')).toHaveLength(1);
  });

  test.each([
    ['no compressed text', new Uint8Array([1, 2, 3, 255])],
    ['empty', new Uint8Array()],
  ])('a ledger that is garbage (%s) is taken for an empty one, and replaced', async (_, bytes) => {
    const update = new UpdateItemCommand({
      TableName: TABLE,
      Key: { distribution: { S: 'E1SITE' } },
      UpdateExpression: 'SET ledger = :ledger',
      ExpressionAttributeValues: { ':ledger': { B: bytes } },
    });
    await client.send(update);
    const { returned, log } = await (await start()).receive(uploads(['a.html']));
    expect(returned).toEqual([]);
    expect(log.map((line) => line.message)).not.toContain('Ledger unavailable');
    await (await start()).receive(uploads(['a.html'], 4000));
    expect(cloudFront.calls).toHaveLength(1);
  });

  test('an acquisition whose answer is lost is not mistaken for the lease of somebody else', async () => {
    let isLost = true;
    proxy = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'host'));
      const body = Buffer.concat(chunks);
      const answer = await fetch(dynamoDB.url, {
        method: 'POST',
        headers: { ...(headers as Record<string, string>), connection: 'close' },
        body,
      }).catch(() => undefined);
      if (isLost || !answer) {
        isLost = false;
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status, { 'Content-Type': 'application/x-amz-json-1.0' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    const port = await listenOnLoopback(proxy, 0, 'The proxy');
    client.destroy();
    pointTo(`http://127.0.0.1:${port}`);
    const environment = await start();
    const { returned, log } = await environment.receive(uploads(['a.html']), 12_000);
    expect(returned).toEqual([]);
    expect(isLost).toBe(false);
    expect(log.map((line) => line.message)).not.toContain('Waiting');
    expect(log.map((line) => line.message)).not.toContain('Ledger unavailable');
  });
});

describe('in virtual time', () => {
  test('of two environments in the same second the second waits, and finds its changes covered', async () => {
    const world = virtualEnvironments({ cloudFront: { latency: 1500 } });
    const [one, other] = [world.startEnvironment(), world.startEnvironment()];
    const [first, second] = await world.settled(one(world.changesOf(['a.html'])), other(world.changesOf(['a.html'])));
    expect([first?.failed, second?.failed]).toEqual([[], []]);
    expect(world.calls).toHaveLength(1);
    expect(second && waitsOf(second)).toEqual([['LeaseHeld', expect.any(Number)]]);
  });

  test('one that dies with the lease keeps the other waiting for 45 s at most', async () => {
    const world = virtualEnvironments();
    const started = world.time.now();
    // It is killed: nobody releases its lease.
    const lease = { holder: 'dead', expires: started + 42_000 };
    let acquired = false;
    world.time.begin(async () => {
      acquired =
        (await world.store?.acquire('E1SITE', lease, started, new AbortController().signal))?.kind === 'acquired';
    });
    await world.settled();
    expect(acquired).toBe(true);
    const receive = world.startEnvironment();
    const [handled] = await world.settled(receive(world.changesOf(['a.html'])));
    expect(handled?.failed).toEqual([]);
    expect(handled && durationOf(handled)).toBeLessThan(45_000);
    const [next] = await world.settled(receive(world.changesOf(['b.html']), started + 45_000));
    expect(next && waitsOf(next)).toEqual([]);
  });

  test('a lease outlasts the invocation that holds it, whose clock may be 2 s behind', async () => {
    // CloudFront takes nothing until the holder has used up its time.
    const world = virtualEnvironments({
      cloudFront: { fault: () => ({ kind: 'refuse', status: 503, code: 'ServiceUnavailable' }), latency: 2500 },
    });
    const [behind, other] = [world.startEnvironment(-2000), world.startEnvironment()];
    const [first, second] = await world.settled(
      behind(world.changesOf(['a.html'])),
      other(world.changesOf(['b.html'])),
    );
    expect(first && durationOf(first)).toBeLessThan(40_000);
    expect(second && durationOf(second)).toBeLessThan(40_000);
  });

  test('one whose lease has expired neither takes away the lease of the next, nor overwrites its ledger', async () => {
    let isSlow = true;
    const world = virtualEnvironments({
      ledger: ({ method }) => (isSlow && method === 'release' ? { kind: 'slow', ms: 900 } : undefined),
    });
    const signal = new AbortController().signal;
    const { store, time } = world;
    const steps: unknown[] = [];
    time.begin(async () => {
      const at = time.now();
      steps.push(await store?.acquire('E1SITE', { holder: 'old', expires: at + 1000 }, at, signal));
      await time.pause(2000);
      steps.push(await store?.acquire('E1SITE', { holder: 'new', expires: at + 9000 }, time.now(), signal));
      steps.push(await store?.release('E1SITE', 'old', new Uint8Array([1]), signal));
      steps.push(await store?.isFree('E1SITE', time.now(), signal));
      steps.push(await store?.release('E1SITE', 'new', new Uint8Array([2]), signal));
    });
    await world.settled();
    isSlow = false;
    expect(steps).toMatchObject([{ kind: 'acquired' }, { kind: 'acquired' }, false, false, true]);
  });

  test.each([
    ['slow', { kind: 'slow', ms: 900 } as const, 3000],
    ['so slow that no answer is waited for', { kind: 'slow', ms: 3000 } as const, 2400],
    ['down', { kind: 'down' } as const, 400],
    ['throttled', { kind: 'throttled' } as const, 400],
    ['losing answers', { kind: 'lose-answer' } as const, 400],
  ])('a DynamoDB that is %s has the same outcome, soon', async (_, fault, within) => {
    const world = virtualEnvironments({ site: TWO, ledger: () => fault });
    const receive = world.startEnvironment();
    const [handled] = await world.settled(receive(world.changesOf(['a.html'])));
    expect(handled?.failed).toEqual([]);
    expect(world.paths()).toEqual([['/a.html'], ['/a.html']]);
    expect(handled && durationOf(handled)).toBeLessThanOrEqual(within);
    // Nobody else holds the lease.
    expect(handled && waitsOf(handled)).toEqual([]);
    const warnings = handled?.log.filter(([text]) => text === 'Ledger unavailable');
    expect(warnings).toHaveLength(fault.kind === 'slow' && fault.ms < 1000 ? 0 : 1);
  });
});

describe('a deploy that arrives in two halves, at two environments in the same second', () => {
  const shapes: Record<string, { keys: readonly string[]; changed: readonly string[] }> = {
    'a whole small site': { keys: numbered(200), changed: numbered(200) },
    'a folder of a large site': {
      keys: [...numbered(300, 'docs/'), ...numbered(3000, 'posts/')],
      changed: numbered(300, 'docs/'),
    },
    'a few pages all over': { keys: numbered(2000), changed: numbered(2000).filter((_, at) => at % 80 === 0) },
    'two folders and a page': {
      keys: [...numbered(100, 'assets/'), ...numbered(100, 'blog/'), 'index.html', ...numbered(2000, 'old/')].sort(),
      changed: [...numbered(100, 'assets/'), ...numbered(100, 'blog/'), 'index.html'],
    },
  };

  async function deploy(
    { keys, changed }: { keys: readonly string[]; changed: readonly string[] },
    halves: number,
    isOff: boolean,
  ) {
    const own = new Set(changed);
    const world = virtualEnvironments({
      keys,
      ledger: isOff ? () => ({ kind: 'down' }) : undefined,
      lastModified: (key) => (own.has(key) ? Math.floor((world.time.now() - 5000) / 1000) * 1000 : 0),
    });
    const parts = Array.from({ length: halves }, (_, half) => changed.filter((_, at) => at % halves === half));
    const handled = await world.settled(...parts.map((part) => world.startEnvironment()(world.changesOf(part))));
    for (const each of handled) expect(each.failed).toEqual([]);
    const covers = (key: string) =>
      world
        .paths()
        .flat()
        .some((path) => (path.endsWith('*') ? `/${key}`.startsWith(path.slice(0, -1)) : path === `/${key}`));
    expect(changed.filter((key) => !covers(key))).toEqual([]);
    return { paths: world.paths().flat().length, longest: Math.max(...handled.map(durationOf)) };
  }

  test.each(Object.entries(shapes))('%s: is billed 1.25 times one batch at most', async (_, shape) => {
    const whole = await deploy(shape, 1, false);
    const halves = await deploy(shape, 2, false);
    expect(halves.paths).toBeLessThanOrEqual(1.25 * whole.paths);
  });

  test.each(Object.entries(shapes))(
    '%s: with DynamoDB gone both finish within 30 s, and nothing is stale',
    async (_, shape) => {
      expect((await deploy(shape, 2, true)).longest).toBeLessThan(30_000);
    },
  );
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startCloudFront } from '../../local/cloudfront/server';
import { startDynamoDB } from '../../local/dynamodb/server';
import { startEdge } from '../../local/edge/edge';
import { startEventBridge } from '../../local/eventbridge/server';
import { startPageServer } from '../../local/page/server';
import { startS3AndSqs } from '../../local/s3-sqs/start';
import { plainSite } from '../../local/template/plain-site';

jest.setTimeout(30_000);

const closes: (() => Promise<void>)[] = [];
const ports = { aws: 0, cloudFront: 0, dynamoDB: 0, edge: 0, eventBridge: 0, page: 0 };

/** All servers of the local stack and its page. The site is what is under `public/` of its bucket; the secrets are beside it. */
beforeAll(async () => {
  const aws = await startS3AndSqs(0);
  const site = { bucket: 'site', originPath: '/public', defaultRootObject: 'index.html' };
  const cloudFront = await startCloudFront({ configurations: { E1SITE: plainSite('E1SITE', site) } });
  const dynamoDB = await startDynamoDB();
  const eventBridge = await startEventBridge();
  const edge = await startEdge({ s3: aws.url, distribution: 'E1SITE', cloudFront });
  const page = await startPageServer({ snapshot: () => ({}), tree: () => undefined, onWatched() {} });
  closes.push(page.close, edge.close, eventBridge.close, dynamoDB.close, cloudFront.close, aws.close);
  const { port } = new URL(aws.url);
  Object.assign(ports, {
    aws: Number(port),
    cloudFront: cloudFront.port,
    dynamoDB: dynamoDB.port,
    edge: edge.port,
    eventBridge: eventBridge.port,
    page: page.port,
  });

  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const s3 = new S3Client({ endpoint: aws.url, region: 'us-east-1', credentials, forcePathStyle: true });
  for (const Bucket of ['site', 'private']) await s3.send(new CreateBucketCommand({ Bucket }));
  const objects = [
    ['site', 'public/index.html', 'the page'],
    ['site', 'outside.txt', 'SECRET'],
    ['private', 'outside.txt', 'SECRET'],
  ];
  for (const [Bucket, Key, Body] of objects) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  s3.destroy();
});

afterAll(async () => {
  for (const close of closes) await close();
});

const servers = Object.keys(ports) as (keyof typeof ports)[];

/** Every address of this machine but the one that all servers are to listen on. */
function otherAddresses(): string[] {
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, each = []]) =>
    each.map(({ address, scopeid }) => (scopeid ? `${address}%${name}` : address)),
  );
  // On Linux all of 127.0.0.0/8 is this machine.
  if (process.platform === 'linux') addresses.push('127.0.0.2');
  return addresses.filter((address) => address !== '127.0.0.1');
}

async function isOpen(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test.each(servers)('%s listens on 127.0.0.1 and on no other address of this machine', async (server) => {
  expect(await isOpen('127.0.0.1', ports[server])).toBe(true);
  const addresses = otherAddresses();
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect([address, await isOpen(address, ports[server])]).toEqual([address, false]);
});

/** The request's target goes out byte for byte: clients would resolve its dots. */
async function ask(server: keyof typeof ports, target: string, host = 'localhost'): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: ports[server] });
  socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

describe('a name that somebody else has led to this machine', () => {
  const answered = {
    aws: '/site?list-type=2',
    cloudFront: '/2020-05-31/distribution/E1SITE/invalidation',
    dynamoDB: '/',
    eventBridge: '/',
    edge: '/index.html',
    page: '/snapshot',
  };

  test.each(servers)('%s refuses, and answers to those of this machine', async (server) => {
    const port = ports[server];
    const target = answered[server];
    for (const host of ['127.0.0.1', `127.0.0.1:${port}`, `localhost:${port}`, 'LOCALHOST']) {
      expect(await ask(server, target, host)).toMatch(/^HTTP\/1.1 200 /);
    }
    for (const host of ['evil.example', `evil.example:${port}`, 'site.evil.example', 'localhost.evil.example', '']) {
      expect(await ask(server, target, host)).toMatch(/^HTTP\/1.1 403 .*Only for this machine/s);
    }
  });
});

const UP = ['..', '%2e%2e', '%2E.', '.%2e', '%252e%252e', '..;', '.\\.', '..%00', '..%5c..', '\\..', '%c0%ae%c0%ae'];
const SLASHES = ['/', '//', '%2f', '%2F', '\\', '%5c', '/./'];
const CLIMBS = UP.flatMap((up) => SLASHES.map((slash) => up + slash));

/** Up by so many folders, to what is there. */
const OUTSIDE = [
  [1, 'outside.txt'],
  [2, 'site/outside.txt'],
  [2, 'private/outside.txt'],
  [8, 'etc/passwd'],
] as const;

const ESCAPES = CLIMBS.flatMap((climb) => OUTSIDE.map(([folders, file]) => climb.repeat(folders) + file));

describe('paths that leave what is served', () => {
  test('the edge serves the site', async () => {
    for (const path of ['/', '/index.html']) expect(await ask('edge', path)).toMatch(/^HTTP\/1.1 200 .*the page$/s);
  });

  test('the edge lists nothing, though there is no default root object', async () => {
    const whole = await startEdge({
      s3: `http://127.0.0.1:${ports.aws}`,
      distribution: 'E1SITE',
      cloudFront: {
        configurations: { E1SITE: plainSite('E1SITE', { bucket: 'site' }) },
        cachePolicies: {},
        onInvalidation() {},
      },
    });
    const answer = await fetch(`${whole.url}/?list-type=2`);
    await whole.close();
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain('outside.txt');
  });

  test.each<[keyof typeof ports, string]>([
    ['edge', '/'],
    ['edge', ''],
    ['edge', 'http://127.0.0.1/'],
    ['edge', '/index.html/'],
    ['aws', '/site/public/'],
    ['cloudFront', '/2020-05-31/distribution/E1SITE/'],
    ['cloudFront', '/'],
    ['page', '/'],
    ['page', '/trees/'],
  ])('%s refuses them behind "%s"', async (server, before) => {
    const leaks: string[] = [];
    const waiting = ESCAPES.values();
    const askNext = async () => {
      for (const path of waiting) {
        const answer = await ask(server, before + path);
        if (!/^HTTP\/1.1 4\d\d /.test(answer) || /SECRET|root:/.test(answer)) leaks.push(before + path);
      }
    };
    await Promise.all(Array.from({ length: 20 }, askNext));
    expect(leaks).toEqual([]);
  });
});

test('a port that is only preferred is had if it is free, and left to who has it', async () => {
  const source = { snapshot: () => ({}), tree: () => undefined, onWatched() {} };
  const first = await startPageServer(source);
  const port = { preferred: first.port };
  const second = await startPageServer(source, port);
  const third = await startS3AndSqs(port);
  expect(new Set([first.port, second.port, Number(new URL(third.url).port)]).size).toBe(3);
  for (const server of [first, second, third]) await server.close();
  const again = await startPageServer(source, port);
  expect(again.port).toBe(port.preferred);
  await again.close();
  const aws = await startS3AndSqs(port);
  expect(new URL(aws.url).port).toBe(String(port.preferred));
  await aws.close();
});

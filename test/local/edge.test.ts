import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Invalidation } from '../../local/cloudfront/control-plane';
import type { LocalCloudFront } from '../../local/cloudfront/server';
import { type EdgeOptions, startEdge } from '../../local/edge/edge';
import { closeServer, listenOnLoopback } from '../../local/loopback';
import { type PlainSite, plainSite } from '../../local/template/plain-site';

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** A bucket that answers with what it holds under the decoded key, and remembers what it was asked for. */
async function startBucket() {
  const objects = new Map<string, string>();
  const asked: string[] = [];
  const bucket = {
    objects,
    asked,
    answer: (request: IncomingMessage, response: ServerResponse): void => {
      const body = objects.get(decodeURIComponent(request.url ?? '').replace('/bucket', ''));
      response.writeHead(body === undefined ? 404 : 200, { ETag: `"${body}"`, 'Content-Type': 'text/plain' });
      response.end(body ?? 'NoSuchKey');
    },
  };
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    bucket.answer(request, response);
  });
  const port = await listenOnLoopback(server, 0, 'The bucket');
  const close = () => closeServer(server);
  opened.push(close);
  return Object.assign(bucket, { url: `http://127.0.0.1:${port}/bucket`, close });
}

/** What of CloudFront the edge hears, by hand. */
function createInvalidations() {
  const listeners: ((invalidation: Invalidation) => void)[] = [];
  const cloudFront: Pick<LocalCloudFront, 'onInvalidation'> = { onInvalidation: (heard) => void listeners.push(heard) };
  const invalidate = (paths: readonly string[], distribution = 'E1', tenant?: string) => {
    const invalidation: Invalidation = {
      ...{ id: 'I1', callerReference: 'r', createTime: 0, status: 'InProgress' },
      ...{ distribution, paths, ...(tenant !== undefined && { tenant }) },
    };
    for (const listener of listeners) listener(invalidation);
  };
  return { cloudFront, invalidate };
}

type Options = Partial<EdgeOptions & Omit<PlainSite, 'bucket'>>;

/** An edge before a plain site, whose bucket is all that its S3 has. */
async function start({ originPath, defaultRootObject, queryStrings, ...options }: Options = {}) {
  const bucket = await startBucket();
  const { cloudFront, invalidate } = createInvalidations();
  const site = plainSite('E1', { bucket: 'bucket', originPath, defaultRootObject, queryStrings });
  const edge = await startEdge({
    s3: bucket.url.replace('/bucket', ''),
    distribution: 'E1',
    cloudFront: { ...cloudFront, configurations: { E1: site }, cachePolicies: {} },
    ...options,
  });
  opened.push(edge.close);
  return { bucket, invalidate, edge, get: (path: string, method?: string) => ask(edge.port, path, method) };
}

/** The path goes out as given: `fetch` would rewrite it. */
function ask(port: number, path: string, method = 'GET') {
  return new Promise<{ status: number; body: string; cache: string; headers: IncomingMessage['headers'] }>(
    (resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, agent: false }, async (response) => {
        const cache = String(response.headers['x-cache']).split(' ')[0] ?? '';
        resolve({ status: response.statusCode ?? 0, body: await text(response), cache, headers: response.headers });
      })
        .on('error', reject)
        .end();
    },
  );
}

test('serves what it holds until an invalidation matches', async () => {
  const { bucket, get, invalidate } = await start();
  bucket.objects.set('/a.html', 'old');
  expect(await get('/a.html')).toMatchObject({ status: 200, body: 'old', cache: 'Miss' });
  bucket.objects.set('/a.html', 'new');
  expect(await get('/a.html')).toMatchObject({
    ...{ status: 200, body: 'old', cache: 'Hit' },
    headers: { 'content-type': 'text/plain', etag: '"old"', age: '0', 'content-length': '3' },
  });
  invalidate(['/b.html', '/a']);
  invalidate(['/a.html'], 'E2');
  invalidate(['/a.html'], 'E1', 'dt_a');
  expect(await get('/a.html')).toMatchObject({ body: 'old', cache: 'Hit' });
  invalidate(['/b.html', '/a.html']);
  expect(await get('/a.html')).toMatchObject({ body: 'new', cache: 'Miss' });
});

test('a wildcard drops what begins with it, and only that', async () => {
  const { bucket, get, invalidate } = await start({ defaultRootObject: 'index.html' });
  const paths = ['/img/cat-1', '/img/cat~2', '/img/dog', '/'];
  for (const path of paths) await get(path);
  invalidate(['/img/cat*']);
  const caches: string[] = [];
  for (const path of paths) caches.push((await get(path)).cache);
  expect(caches).toEqual(['Miss', 'Miss', 'Hit', 'Hit']);
  expect(bucket.asked).toHaveLength(6);
});

test('each spelling of a path is an entry of its own', async () => {
  const { bucket, get, invalidate } = await start();
  bucket.objects.set('/a b', 'old');
  const spellings = ['/a%20b', '/a+b'];
  for (const path of spellings) expect(await get(path)).toMatchObject({ body: 'old', cache: 'Miss' });
  expect(bucket.asked).toEqual(['/bucket/a%20b', '/bucket/a%20b']);
  invalidate(['/a%20b']);
  bucket.objects.set('/a b', 'new');
  expect((await get('/a%20b')).body).toBe('new');
  expect((await get('/a+b')).body).toBe('old');
});

test('the path reaches the origin as requested, behind the origin path', async () => {
  const { bucket, get } = await start({ originPath: '/site' });
  for (const path of ['/a//b', '/x/../y', '/%7Ea', '/~a', '/a[1]', '/q%3Fq', '/']) await get(path);
  const keys = ['/a//b', '/x/../y', '/%7Ea', '/~a', '/a%5B1%5D', '/q%3Fq', '/'];
  expect(bucket.asked).toEqual(keys.map((key) => `/bucket/site${key}`));
});

test('query strings are neither forwarded nor told apart', async () => {
  const { bucket, get } = await start();
  expect((await get('/a?v=1')).cache).toBe('Miss');
  expect((await get('/a?v=2?x')).cache).toBe('Hit');
  expect((await get('/a')).cache).toBe('Hit');
  expect(bucket.asked).toEqual(['/bucket/a']);
});

test('or told apart, where the cache key has them', async () => {
  const { bucket, get, invalidate } = await start({ queryStrings: true });
  const urls = ['/a', '/a?v=1', '/a?v=2', '/ab?v=1'];
  const cached = async () => {
    const caches: string[] = [];
    for (const url of urls) caches.push((await get(url)).cache);
    return caches;
  };
  expect(await cached()).toEqual(['Miss', 'Miss', 'Miss', 'Miss']);
  expect(bucket.asked).toEqual(['/bucket/a', '/bucket/a', '/bucket/a', '/bucket/ab']);
  invalidate(['/a']);
  expect(await cached()).toEqual(['Miss', 'Hit', 'Hit', 'Hit']);
  invalidate(['/a?*']);
  expect(await cached()).toEqual(['Hit', 'Miss', 'Miss', 'Hit']);
  invalidate(['/a*']);
  expect(await cached()).toEqual(['Miss', 'Miss', 'Miss', 'Miss']);
});

test('/ is the default root object, and an entry beside it', async () => {
  const { bucket, get, invalidate } = await start({ originPath: '/site', defaultRootObject: 'index.html' });
  bucket.objects.set('/site/index.html', 'old');
  expect(await get('/')).toMatchObject({ body: 'old', cache: 'Miss' });
  expect(await get('/index.html')).toMatchObject({ body: 'old', cache: 'Miss' });
  bucket.objects.set('/site/index.html', 'new');
  invalidate(['/index.html']);
  expect([(await get('/')).body, (await get('/index.html')).body]).toEqual(['old', 'new']);
  invalidate(['/']);
  expect((await get('/')).body).toBe('new');
});

test('HEAD and GET share an entry', async () => {
  const { bucket, get } = await start();
  bucket.objects.set('/a', 'four');
  const head = await get('/a', 'HEAD');
  expect(head).toMatchObject({ status: 200, body: '', cache: 'Miss', headers: { 'content-length': '4' } });
  expect(await get('/a')).toMatchObject({ body: 'four', cache: 'Hit' });
});

test('other methods are refused, and change nothing', async () => {
  const { bucket, get } = await start();
  expect((await get('/a', 'DELETE')).status).toBe(403);
  expect(bucket.asked).toEqual([]);
});

test.each([
  [200, 'Hit'],
  [403, 'Hit'],
  [404, 'Hit'],
  [500, 'Miss'],
  [503, 'Miss'],
])('the origin answers %i: the second request is a %s', async (status, second) => {
  const { bucket, get, invalidate } = await start();
  bucket.answer = (_request, response) => void response.writeHead(status).end();
  expect(await get('/a')).toMatchObject({ status, cache: 'Miss' });
  expect(await get('/a')).toMatchObject({ status, cache: second });
  invalidate(['/a']);
  expect(await get('/a')).toMatchObject({ status, cache: 'Miss' });
});

describe('an invalidation while the origin is being asked', () => {
  /** Holds the bucket's answers back, each with the body it had when it was asked. */
  async function startHeld() {
    const held: (() => void)[] = [];
    const all = await start();
    all.bucket.answer = (_request, response) => {
      const body = all.bucket.objects.get('/a');
      held.push(() => response.end(body));
    };
    const underWay = async (count: number) => {
      while (held.length < count) await new Promise(setImmediate);
    };
    return { ...all, held, underWay };
  }

  test('what the origin said before it is not kept', async () => {
    const { bucket, get, invalidate, held, underWay } = await startHeld();
    bucket.objects.set('/a', 'old');
    const early = get('/a');
    await underWay(1);
    bucket.objects.set('/a', 'new');
    invalidate(['/a']);
    held[0]?.();
    expect((await early).body).toBe('old');
    const late = get('/a');
    await underWay(2);
    held[1]?.();
    expect(await late).toMatchObject({ body: 'new', cache: 'Miss' });
    expect(await get('/a')).toMatchObject({ body: 'new', cache: 'Hit' });
  });

  test('an early answer that arrives last does not replace the later one', async () => {
    const { bucket, get, invalidate, held, underWay } = await startHeld();
    bucket.objects.set('/a', 'old');
    const early = get('/a');
    await underWay(1);
    bucket.objects.set('/a', 'new');
    invalidate(['/*']);
    const late = get('/a');
    await underWay(2);
    held[1]?.();
    expect((await late).body).toBe('new');
    held[0]?.();
    expect((await early).body).toBe('old');
    expect(await get('/a')).toMatchObject({ body: 'new', cache: 'Hit' });
  });

  test('one for another path leaves it alone', async () => {
    const { bucket, get, invalidate, held, underWay } = await startHeld();
    bucket.objects.set('/a', 'same');
    const first = get('/a');
    await underWay(1);
    invalidate(['/b']);
    held[0]?.();
    await first;
    expect(await get('/a')).toMatchObject({ body: 'same', cache: 'Hit' });
  });
});

test('an invalidation takes effect as late as told', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const { get, invalidate } = await start({ appliesAfter: 5000 });
    await get('/a');
    invalidate(['/a']);
    jest.advanceTimersByTime(4999);
    expect((await get('/a')).cache).toBe('Hit');
    jest.advanceTimersByTime(1);
    expect((await get('/a')).cache).toBe('Miss');
  } finally {
    jest.useRealTimers();
  }
});

describe('an origin that fails', () => {
  test('unreachable: 502 with its name, and the next request asks again', async () => {
    const { bucket, get } = await start();
    await bucket.close();
    const expected = { status: 502, body: `The origin ${bucket.url} did not answer: ECONNREFUSED.\n`, cache: 'Error' };
    expect(await get('/a')).toMatchObject(expected);
    expect(await get('/a')).toMatchObject(expected);
  });

  test('cut in the middle of an answer: 502, nothing kept', async () => {
    const { bucket, get } = await start();
    const { answer } = bucket;
    bucket.objects.set('/a', 'whole');
    bucket.answer = (_request, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('half', () => response.destroy());
    };
    expect((await get('/a')).status).toBe(502);
    bucket.answer = answer;
    expect(await get('/a')).toMatchObject({ status: 200, body: 'whole', cache: 'Miss' });
  });

  test('silent: 502 when its time is up', async () => {
    const { bucket, get } = await start({ originTimeout: 30 });
    bucket.answer = () => undefined;
    expect(await get('/a')).toMatchObject({
      status: 502,
      body: `The origin ${bucket.url} did not answer: nothing came for 30 ms.\n`,
    });
  });
});

test('closing cuts what waits for the origin', async () => {
  const { bucket, edge, get } = await start();
  bucket.answer = () => undefined;
  const waiting = get('/a').then(
    () => 'answered',
    () => 'cut',
  );
  while (bucket.asked.length === 0) await new Promise(setImmediate);
  await edge.close();
  expect(await waiting).toBe('cut');
});

test('a port in use is named', async () => {
  const { edge } = await start();
  await expect(start({ port: edge.port })).rejects.toThrow(
    `The local edge cannot listen on port ${edge.port}: it is in use.`,
  );
});

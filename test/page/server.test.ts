import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type PageServer, startPageServer } from '../../local/page/server';
import { eventually } from '../local/eventually';

let server: PageServer;
let news = 'first';
const watched: boolean[] = [];

beforeAll(async () => {
  server = await startPageServer({
    snapshot: () => ({ news }),
    tree(of) {
      if (of === 13) throw new Error('SECRET');
      return of === 'bucket' || of === 1 ? { of } : undefined;
    },
    onWatched: (now) => watched.push(now),
  });
});

afterAll(() => server.close());

/** By `node:http`, for `fetch` would resolve the dots of a path and choose the host by itself. */
async function ask(path: string, { method = 'GET', host = `127.0.0.1:${server.port}` } = {}) {
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      request({ host: '127.0.0.1', port: server.port, path, method, headers: { host } }, async (answer) => {
        resolve({ status: answer.statusCode, headers: answer.headers, body: await text(answer) });
      })
        .on('error', reject)
        .end();
    },
  );
}

test.each([
  ['/', 'text/html; charset=utf-8'],
  ['/page.css', 'text/css; charset=utf-8'],
  ['/page.js', 'text/javascript; charset=utf-8'],
  ['/icon.svg', 'image/svg+xml'],
  ['/snapshot', 'application/json; charset=utf-8'],
  ['/trees/bucket', 'application/json; charset=utf-8'],
  ['/trees/1', 'application/json; charset=utf-8'],
])('%s is %s', async (path, type) => {
  const { status, headers } = await ask(path);
  expect([status, headers['content-type']]).toEqual([200, type]);
});

test.each(['/', '/page.js', '/snapshot', '/nothing', '/trees/13'])(
  '%s lets nothing in from elsewhere',
  async (path) => {
    const { headers } = await ask(path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  },
);

test('every file that the page names is there', async () => {
  const { body } = await ask('/');
  const named = Array.from(body.matchAll(/(?:src|href)="([^"#]+)"/g), ([, name]) => `/${name}`);
  const { body: script } = await ask('/page.js');
  named.push(...Array.from(script.matchAll(/from '\.([^']+)'/g), ([, name = '']) => name));
  expect(named.length).toBeGreaterThan(6);
  for (const path of named) expect([path, (await ask(path)).status]).toEqual([path, 200]);
});

test.each([
  '/../server.ts',
  '/..%2fserver.ts',
  '/static/page.js',
  '/./page.js',
  '//page.js',
  '/page.js/',
  '/page.js%00',
  '/%2e%2e/%2e%2e/package.json',
  '/etc/passwd',
  '/trees/2',
  '/trees/../snapshot',
  '/trees/-1',
  '/constructor',
  '/__proto__',
])('%s is nothing', async (path) => {
  const { status, body } = await ask(path);
  expect([status, body]).toEqual([404, 'There is no such page.\n']);
});

test('a name of somewhere else that leads here is refused', async () => {
  expect(await ask('/snapshot', { host: 'evil.example' })).toMatchObject({ status: 403 });
  expect(await ask('/snapshot', { host: `localhost:${server.port}` })).toMatchObject({ status: 200 });
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
  expect(await ask('/snapshot', { method })).toMatchObject({ status: 405 });
});

test('a failure says nothing of itself', async () => {
  const { status, body } = await ask('/trees/13');
  expect([status, body]).toEqual([500, 'Not answered.\n']);
});

test('who watches is told at once and then of news, and is missed when gone', async () => {
  const leaving = new AbortController();
  const answer = await fetch(`${server.url}events`, { signal: leaving.signal });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('data: {"news":"first"}\n\n');
  expect(watched).toEqual([true]);
  news = 'second';
  // Many news at once are one message.
  for (let time = 0; time < 100; time += 1) server.tell();
  expect((await reader?.read())?.value).toBe('data: {"news":"second"}\n\n');
  leaving.abort();
  await eventually(
    () => watched,
    (all) => all.length === 2,
  );
  expect(watched).toEqual([true, false]);
});

test('a port in use is named', async () => {
  const source = { snapshot: () => ({}), tree: () => undefined, onWatched: () => {} };
  await expect(startPageServer(source, server.port)).rejects.toThrow(
    `The page cannot listen on port ${server.port}: it is in use.`,
  );
});

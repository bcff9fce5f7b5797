import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { watchFreshness } from '../../local/cli/freshness';
import { closeServer, listenOnLoopback } from '../../local/loopback';

const edge = createServer((_, response) => response.end('served'));

afterAll(() => closeServer(edge));

test('a stale page whose newest change the edge serves already is fresh, and said to be', async () => {
  const port = await listenOnLoopback(edge, 0, 'The edge');
  const heard: string[] = [];
  const freshness = watchFreshness(`http://127.0.0.1:${port}`, {
    onStale: ({ path }) => heard.push(`stale ${path}`),
    onFresh: ({ path }) => heard.push(`fresh ${path}`),
  });
  const eTag = createHash('md5').update('served').digest('hex');
  await freshness.follow({ path: '/a', eTag: 'another', changedAt: 0 });
  await freshness.follow({ path: '/a', eTag, changedAt: 0 });
  // Fresh already, and said so.
  await freshness.follow({ path: '/a', eTag, changedAt: 0 });
  freshness.close();
  expect(heard).toEqual(['stale /a', 'fresh /a']);
  expect(freshness.stale.size).toBe(0);
});

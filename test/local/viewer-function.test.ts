import { viewerFunction } from '../../local/edge/viewer-function';

const REQUEST = { method: 'GET', path: '/a', query: 'v=1&w&v=2', distribution: 'E1', headers: {} };

test("a function sees an event of CloudFront's shape", async () => {
  const run = viewerFunction('function handler(event) { return { statusCode: 200, body: JSON.stringify(event) }; }');
  const headers = { host: 'localhost', cookie: 'a=1; b=x=y; a=2', 'x-twice': ['1', '2'] };
  const result = await run({ ...REQUEST, headers });
  expect(JSON.parse(result.kind === 'response' ? result.body : '')).toEqual({
    version: '1.0',
    context: {
      distributionDomainName: 'e1.cloudfront.net',
      distributionId: 'E1',
      eventType: 'viewer-request',
      requestId: expect.any(String),
    },
    viewer: { ip: '127.0.0.1' },
    request: {
      method: 'GET',
      uri: '/a',
      querystring: { v: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] }, w: { value: '' } },
      headers: {
        host: { value: 'localhost' },
        'x-twice': { value: '1', multiValue: [{ value: '1' }, { value: '2' }] },
      },
      cookies: { a: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] }, b: { value: 'x=y' } },
    },
  });
});

test.each([
  ['a request', 'return { ...event.request, uri: "/b" }', { kind: 'request', path: '/b' }],
  [
    'a response',
    'return { statusCode: 301, headers: { location: { value: "/c" } }, body: { encoding: "text", data: "gone" } }',
    { kind: 'response', status: 301, headers: { location: '/c' }, body: 'gone' },
  ],
])('it may return %s', async (_, code, expected) => {
  expect(await viewerFunction(`function handler(event) { ${code} }`)(REQUEST)).toEqual(expected);
});

test('each run is alone, with nothing of Node.js', async () => {
  const run = viewerFunction(
    'var n = 0; function handler() { n += 1; return { uri: "/" + n + typeof process + typeof require }; }',
  );
  expect(await run(REQUEST)).toEqual({ kind: 'request', path: '/1undefinedundefined' });
  expect(await run(REQUEST)).toEqual({ kind: 'request', path: '/1undefinedundefined' });
});

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CacheBehavior, DefaultCacheBehavior, Origin } from '@aws-sdk/client-cloudfront';
import type { Configuration } from '../../local/cloudfront/configuration';
import { CACHING_BY_QUERY_STRING, CACHING_DISABLED, CACHING_OPTIMIZED } from '../../local/cloudfront/configuration';
import { type LocalCloudFront, startCloudFront } from '../../local/cloudfront/server';
import { type EdgeOptions, startEdge } from '../../local/edge/edge';
import { closeServer, listenOnLoopback } from '../../local/loopback';

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  jest.useRealTimers();
  for (const close of opened.splice(0).reverse()) await close();
});

function list<T>(...Items: T[]) {
  return { Quantity: Items.length, Items };
}

/** A server that holds objects by URL, and remembers what it was asked for. */
async function startServer() {
  const objects = new Map<string, string>();
  const asked: string[] = [];
  const all = {
    ...{ objects, asked, port: 0 },
    answer: (request: IncomingMessage, response: ServerResponse): void => {
      const body = objects.get(request.url ?? '');
      response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'text/plain' });
      response.end(body ?? 'missing');
    },
  };
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    all.answer(request, response);
  });
  all.port = await listenOnLoopback(server, 0, 'The server');
  opened.push(() => closeServer(server));
  return all;
}

const bucket = (Id: string, OriginPath = '', domain = `${Id}.s3.us-east-1.amazonaws.com`): Origin => ({
  ...{ Id, OriginPath, DomainName: domain },
  S3OriginConfig: { OriginAccessIdentity: '' },
});

const application = (HTTPPort: number, OriginPath = ''): Origin => ({
  ...{ Id: 'app', OriginPath, DomainName: '127.0.0.1' },
  CustomHeaders: list({ HeaderName: 'x-from', HeaderValue: 'edge' }),
  CustomOriginConfig: { HTTPPort, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' },
});

function behavior(TargetOriginId: string, more: Partial<DefaultCacheBehavior> = {}): DefaultCacheBehavior {
  return { TargetOriginId, ViewerProtocolPolicy: 'allow-all', CachePolicyId: CACHING_OPTIMIZED, ...more };
}

const at = (PathPattern: string, TargetOriginId: string, more: Partial<CacheBehavior> = {}): CacheBehavior => ({
  ...behavior(TargetOriginId, more),
  PathPattern,
});

/** An edge before an S3 and an application. */
async function start(
  configure: (appPort: number) => Configuration,
  options: Partial<EdgeOptions> & Partial<Pick<LocalCloudFront, 'cachePolicies'>> = {},
) {
  const s3 = await startServer();
  const app = await startServer();
  const { cachePolicies, ...others } = options;
  const cloudFront = await startCloudFront({ configurations: { E1: configure(app.port) }, cachePolicies });
  opened.push(() => cloudFront.close());
  const heard: Parameters<LocalCloudFront['onInvalidation']>[0][] = [];
  const edge = await startEdge({
    ...{ s3: `http://127.0.0.1:${s3.port}`, distribution: 'E1' },
    cloudFront: {
      configurations: cloudFront.configurations,
      cachePolicies: cloudFront.cachePolicies,
      onInvalidation: (listener) => void heard.push(listener),
    },
    ...others,
  });
  opened.push(edge.close);
  const invalidate = (...paths: string[]) => {
    for (const listener of heard)
      listener({ id: 'I', callerReference: 'r', createTime: 0, status: 'InProgress', distribution: 'E1', paths });
  };
  const get = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; body: string; cache: string; headers: IncomingMessage['headers'] }>(
      (resolve, reject) => {
        request({ host: '127.0.0.1', port: edge.port, path, headers, agent: false }, async (response) => {
          const cache = String(response.headers['x-cache']).split(' ')[0] ?? '';
          resolve({ status: response.statusCode ?? 0, body: await text(response), cache, headers: response.headers });
        })
          .on('error', reject)
          .end();
      },
    );
  /** In words: `Miss 200 body`. */
  const see = async (path: string) => {
    const { cache, status, body } = await get(path);
    return `${cache} ${status} ${body}`;
  };
  return { s3, app, edge, cloudFront, get, see, invalidate };
}

const SITE = {
  Origins: list(bucket('site')),
  DefaultCacheBehavior: behavior('site'),
};

describe('a request goes', () => {
  test('to the first behavior whose pattern matches, and from there to its origin, behind its origin path', async () => {
    const { s3, app, get } = await start((port) => ({
      Origins: list(bucket('site', '/site'), bucket('assets', '/v1'), application(port, '/base')),
      DefaultCacheBehavior: behavior('site'),
      CacheBehaviors: list(at('/images/?.png', 'app'), at('images/*', 'assets'), at('/images/*', 'site')),
    }));
    for (const path of ['/a.html', '/images/1.png', '/images/12.png', '/Images/1.png']) await get(path);
    expect(s3.asked).toEqual(['/site/site/a.html', '/assets/v1/images/12.png', '/site/site/Images/1.png']);
    expect(app.asked).toEqual(['/base/images/1.png']);
  });

  test('to the behavior of the path alone: a query string does not count', async () => {
    const { s3, app, get } = await start((port) => ({
      ...{ ...SITE, Origins: list(bucket('site'), application(port)) },
      CacheBehaviors: list(at('*.php', 'app')),
    }));
    for (const path of ['/a?x.php', '/a.php?x']) await get(path);
    expect([s3.asked, app.asked]).toEqual([['/site/a'], ['/a.php']]);
  });

  test.each([
    'site.s3.amazonaws.com',
    'site.s3.us-east-1.amazonaws.com',
    'site.s3-eu-west-1.amazonaws.com',
    'SITE.s3.dualstack.us-east-1.amazonaws.com',
    'site.s3.cn-north-1.amazonaws.com.cn',
  ])('to the local S3 for %s', async (domain) => {
    const { s3, get } = await start(() => ({ ...SITE, Origins: list(bucket('site', '', domain)) }));
    await get('/a');
    expect(s3.asked).toEqual(['/site/a']);
  });

  test('with the headers of its origin', async () => {
    const { app, get } = await start((port) => ({
      Origins: list(application(port)),
      DefaultCacheBehavior: behavior('app'),
    }));
    app.answer = ({ headers }, response) => void response.end(headers['x-from']);
    expect((await get('/a')).body).toBe('edge');
  });

  test('where the configuration says now', async () => {
    const { cloudFront, s3, get } = await start(() => SITE);
    await get('/a');
    cloudFront.configurations.E1 = { ...SITE, Origins: list(bucket('site', '/other')) };
    await get('/b');
    expect(s3.asked).toEqual(['/site/a', '/site/other/b']);
  });

  test('nowhere, if the distribution is disabled', async () => {
    const { s3, get } = await start(() => ({ ...SITE, Enabled: false }));
    expect((await get('/a')).status).toBe(403);
    expect(s3.asked).toEqual([]);
  });
});

test('a website endpoint answers folder URLs, each an entry of its own', async () => {
  const { s3, get, see, invalidate } = await start(() => ({
    Origins: list(bucket('site', '', 'site.s3-website-us-east-1.amazonaws.com')),
    DefaultCacheBehavior: behavior('site'),
  }));
  s3.objects.set('/site/docs/index.html', 'old');
  expect(await see('/docs/')).toBe('Miss 200 old');
  expect(await get('/docs')).toMatchObject({ status: 302, headers: { location: '/docs/' } });
  expect(await see('/other')).toBe('Miss 404 missing');
  s3.objects.set('/site/docs/index.html', 'new');
  invalidate('/docs/index.html');
  expect(await see('/docs/')).toBe('Hit 200 old');
  invalidate('/docs/');
  expect(await see('/docs/')).toBe('Miss 200 new');
});

describe('an origin group', () => {
  const grouped = (port: number) => ({
    Origins: list(bucket('site'), application(port)),
    OriginGroups: list({
      Id: 'group',
      FailoverCriteria: { StatusCodes: list(404, 500) },
      Members: list({ OriginId: 'site' }, { OriginId: 'app' }),
    }),
    DefaultCacheBehavior: behavior('group'),
  });

  test('asks its second origin where the first answers so, and holds that answer', async () => {
    const { s3, app, see } = await start(grouped);
    s3.objects.set('/site/a', 'of the first');
    app.objects.set('/b', 'of the second');
    expect(await see('/a')).toBe('Miss 200 of the first');
    expect(await see('/b')).toBe('Miss 200 of the second');
    expect(await see('/b')).toBe('Hit 200 of the second');
    s3.answer = (_, response) => void response.writeHead(403).end('denied');
    expect(await see('/c')).toBe('Miss 403 denied');
    expect(app.asked).toEqual(['/b']);
  });

  test('and where the first does not answer at all', async () => {
    const { s3, app, see } = await start(grouped);
    app.objects.set('/a', 'of the second');
    s3.answer = (_, response) => void response.socket?.destroy();
    expect(await see('/a')).toBe('Miss 200 of the second');
  });
});

describe('the cache key', () => {
  const byName = (QueryStringBehavior: 'whitelist' | 'allExcept') => ({
    ...{ Name: 'Ours', MinTTL: 0, MaxTTL: 60 },
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: false,
      HeadersConfig: { HeaderBehavior: 'none' as const },
      CookiesConfig: { CookieBehavior: 'none' as const },
      QueryStringsConfig: { QueryStringBehavior, QueryStrings: list('v') },
    },
  });
  const forwarded = (QueryString: boolean, ...names: string[]): Partial<DefaultCacheBehavior> => ({
    CachePolicyId: undefined,
    ForwardedValues: { QueryString, Cookies: { Forward: 'none' }, QueryStringCacheKeys: list(...names) },
  });

  test.each<[string, Partial<DefaultCacheBehavior>, asked: string[]]>([
    ['without query strings', {}, ['/a']],
    [
      'with all of them',
      { CachePolicyId: CACHING_BY_QUERY_STRING },
      ['/a', '/a?v=1', '/a?v=2', '/a?w=1', '/a?v=1&w=1'],
    ],
    ['with those that are named', { CachePolicyId: 'whitelist' }, ['/a', '/a?v=1', '/a?v=2']],
    ['with all but those', { CachePolicyId: 'allExcept' }, ['/a', '/a?w=1']],
    ['of old: without', forwarded(false), ['/a']],
    ['of old: with all', forwarded(true), ['/a', '/a?v=1', '/a?v=2', '/a?w=1', '/a?v=1&w=1']],
    ['of old: with those that are named', forwarded(true, 'w'), ['/a', '/a?w=1']],
  ])('%s', async (_, more, asked) => {
    const { app, get } = await start(
      (port) => ({ Origins: list(application(port)), DefaultCacheBehavior: behavior('app', more) }),
      { cachePolicies: { whitelist: byName('whitelist'), allExcept: byName('allExcept') } },
    );
    for (const path of ['/a', '/a?v=1', '/a?v=2', '/a?w=1', '/a?v=1&w=1']) await get(path);
    for (const path of ['/a', '/a?v=1', '/a?v=2', '/a?w=1', '/a?v=1&w=1']) expect((await get(path)).cache).toBe('Hit');
    expect(app.asked).toEqual(asked);
  });

  test('is that of each behavior, and none goes to a bucket', async () => {
    const { s3, see } = await start(() => ({
      ...SITE,
      CacheBehaviors: list(at('/search/*', 'site', { CachePolicyId: CACHING_BY_QUERY_STRING })),
    }));
    const seen = [];
    for (const path of ['/a?v=1', '/a?v=2', '/search/a?v=1', '/search/a?v=2'])
      seen.push((await see(path)).split(' ')[0]);
    expect(seen).toEqual(['Miss', 'Hit', 'Miss', 'Miss']);
    expect(s3.asked).toEqual(['/site/a', '/site/search/a', '/site/search/a']);
  });

  test.each<[string, Partial<DefaultCacheBehavior>]>([
    ['CachingDisabled', { CachePolicyId: CACHING_DISABLED }],
    ['a longest time of 0', { ...forwarded(false), MaxTTL: 0 }],
    [
      'all headers forwarded',
      {
        CachePolicyId: undefined,
        ForwardedValues: { QueryString: false, Cookies: { Forward: 'none' }, Headers: list('*') },
      },
    ],
  ])('%s: nothing is held', async (_, more) => {
    const { s3, see } = await start(() => ({ ...SITE, DefaultCacheBehavior: behavior('site', more) }));
    s3.objects.set('/site/a', 'a');
    expect([await see('/a'), await see('/a')]).toEqual(['Miss 200 a', 'Miss 200 a']);
  });

  test('what an origin request policy adds is forwarded, and no part of the key', async () => {
    const { app, see } = await start((port) => ({
      Origins: list(application(port)),
      DefaultCacheBehavior: behavior('app', { OriginRequestPolicyId: 'AllViewer' }),
    }));
    app.objects.set('/a?v=1', 'one');
    expect([await see('/a?v=1'), await see('/a?v=2')]).toEqual(['Miss 200 one', 'Hit 200 one']);
  });

  test('a cache policy that there is not is named', async () => {
    const { see } = await start(() => ({ ...SITE, DefaultCacheBehavior: behavior('site', { CachePolicyId: 'gone' }) }));
    expect(await see('/a')).toBe('Error 502 There is no cache policy gone.\n');
  });
});

describe('a custom error response', () => {
  const withPage = (ErrorCachingMinTTL: number) => ({
    ...SITE,
    CustomErrorResponses: list(
      { ErrorCode: 404, ResponsePagePath: '/errors/404.html', ResponseCode: '200', ErrorCachingMinTTL },
      { ErrorCode: 503, ErrorCachingMinTTL },
    ),
  });

  test('is held for its time under the URL that failed, whatever becomes of its page', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const { s3, see, invalidate } = await start(() => withPage(300));
    s3.objects.set('/site/errors/404.html', 'old');
    expect(await see('/a')).toBe('Miss 200 old');
    s3.objects.set('/site/errors/404.html', 'new');
    invalidate('/errors/404.html');
    jest.advanceTimersByTime(299_000);
    expect(await see('/a')).toBe('Hit 200 old');
    expect(await see('/b')).toBe('Miss 200 new');
    jest.advanceTimersByTime(1_000);
    expect(await see('/a')).toBe('Miss 200 new');
    invalidate('/a');
    s3.objects.set('/site/a', 'here');
    expect(await see('/a')).toBe('Miss 200 here');
  });

  test('takes its page from the cache, and from the behavior of the page', async () => {
    const { s3, app, see } = await start((port) => ({
      ...withPage(300),
      Origins: list(bucket('site'), application(port)),
      CacheBehaviors: list(at('/errors/*', 'app')),
    }));
    app.objects.set('/errors/404.html', 'the page');
    expect([await see('/a'), await see('/b')]).toEqual(['Miss 200 the page', 'Miss 200 the page']);
    expect([s3.asked, app.asked]).toEqual([['/site/a', '/site/b'], ['/errors/404.html']]);
  });

  test('without a page holds what the origin said, which would not be held else', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const { s3, see } = await start(() => withPage(5));
    s3.answer = (_, response) => void response.writeHead(503).end('busy');
    expect([await see('/a'), await see('/a')]).toEqual(['Miss 503 busy', 'Hit 503 busy']);
    jest.advanceTimersByTime(5_000);
    expect(await see('/a')).toBe('Miss 503 busy');
  });

  test('whose page is missing leaves the error as it is', async () => {
    const { see } = await start(() => withPage(5));
    expect([await see('/a'), await see('/a')]).toEqual(['Miss 404 missing', 'Hit 404 missing']);
  });

  test('stands in for an origin that does not answer', async () => {
    const { s3, app, see } = await start((port) => ({
      ...{ ...SITE, Origins: list(bucket('site'), application(port)), CacheBehaviors: list(at('/errors/*', 'app')) },
      CustomErrorResponses: list({ ErrorCode: 502, ResponsePagePath: '/errors/502.html', ResponseCode: '502' }),
    }));
    app.objects.set('/errors/502.html', 'sorry');
    s3.answer = (_, response) => void response.socket?.destroy();
    expect([await see('/a'), await see('/a')]).toEqual(['Miss 502 sorry', 'Hit 502 sorry']);
  });
});

describe('a CloudFront Function', () => {
  const associated = (EventType: 'viewer-request' | 'viewer-response') => ({
    ...SITE,
    DefaultRootObject: 'index.html',
    DefaultCacheBehavior: behavior('site', { FunctionAssociations: list({ EventType, FunctionARN: 'arn:f' }) }),
  });
  const folders = {
    'arn:f': `function handler(event) {
      var request = event.request;
      if (request.uri.endsWith('/')) request.uri += 'index.html';
      else if (!request.uri.includes('.')) request.uri += '/index.html';
      return request;
    }`,
  };

  test('decides what the origin is asked for; the viewer’s path is the key', async () => {
    const { s3, see, invalidate } = await start(() => associated('viewer-request'), { functions: folders });
    s3.objects.set('/site/docs/index.html', 'old');
    const paths = ['/docs/', '/docs', '/docs/index.html'];
    for (const path of paths) expect(await see(path)).toBe('Miss 200 old');
    s3.objects.set('/site/docs/index.html', 'new');
    invalidate('/docs/index.html', '/docs');
    expect([await see('/docs/'), await see('/docs'), await see('/docs/index.html')]).toEqual([
      'Hit 200 old',
      'Miss 200 new',
      'Miss 200 new',
    ]);
  });

  test('changes no behavior', async () => {
    const { app, s3, see } = await start(
      (port) => ({
        ...associated('viewer-request'),
        Origins: list(bucket('site'), application(port)),
        CacheBehaviors: list(at('*/index.html', 'app')),
      }),
      { functions: folders },
    );
    s3.objects.set('/site/docs/index.html', 'here');
    expect(await see('/docs/')).toBe('Miss 200 here');
    expect(app.asked).toEqual([]);
  });

  test('runs for hits, too, and may answer by itself: nothing of that is held', async () => {
    const functions = {
      'arn:f': `async function handler({ request }) {
        if (request.cookies.user && request.cookies.user.value === 'known') return request;
        return { statusCode: 302, headers: { location: { value: '/login' } } };
      }`,
    };
    const { s3, get } = await start(() => associated('viewer-request'), { functions });
    s3.objects.set('/site/a', 'a');
    expect(await get('/a', { cookie: 'user=known; x=1' })).toMatchObject({ status: 200, cache: 'Miss' });
    expect(await get('/a', { cookie: 'user=known' })).toMatchObject({ status: 200, cache: 'Hit' });
    expect(await get('/a')).toMatchObject({ status: 302, headers: { location: '/login' } });
  });

  test.each<[string, Record<string, string>]>([
    ['throws', { 'arn:f': 'function handler() { nothing(); }' }],
    ['is no JavaScript', { 'arn:f': 'function {' }],
    ['returns nothing', { 'arn:f': 'function handler() {}' }],
    ['never ends', { 'arn:f': 'function handler() { for (;;); }' }],
    ['is not known', {}],
  ])('that %s is a 503, and nothing is asked for', async (_, functions) => {
    const { s3, get } = await start(() => associated('viewer-request'), { functions });
    const { status, body, cache } = await get('/a');
    expect([status, cache, body]).toEqual([503, 'FunctionExecutionError', expect.stringContaining('arn:f failed: ')]);
    expect(s3.asked).toEqual([]);
  });

  test('of another event is not run', async () => {
    const { s3, see } = await start(() => associated('viewer-response'), { functions: folders });
    s3.objects.set('/site/docs', 'as it is');
    expect(await see('/docs')).toBe('Miss 200 as it is');
  });
});

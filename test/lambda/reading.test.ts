import { setTimeout } from 'node:timers/promises';
import type { ListRequest } from '../../lambda/bucket/list-objects';
import type { Origin } from '../../lambda/contract/environment';
import type { LocalCloudFrontOptions } from '../../local/cloudfront/server';
import {
  APP_DOMAIN,
  BUCKET_DOMAIN,
  BY_QUERY_STRING,
  distributionConfig,
  list,
  type ShortConfig,
} from './distribution/config';
import { listing, type RunningFunction, type Site, startFunction } from './function';
import { message, s3Body } from './messages';

const MINUTE = 60_000;
const SITE_AND_APP = { site: BUCKET_DOMAIN, app: APP_DOMAIN };
const IMAGES_OF_AN_APP: ShortConfig = {
  origins: SITE_AND_APP,
  behaviors: { '/images/*': { origin: 'site' } },
  otherwise: { origin: 'app' },
};
const LIVE: ShortConfig = { origins: { site: `${BUCKET_DOMAIN}/live` }, otherwise: { origin: 'site' } };

let running: RunningFunction;

afterEach(() => running.stop());

/** A function of one bucket that reads its distribution. */
async function start(
  config: ShortConfig | undefined,
  options: Partial<LocalCloudFrontOptions> = {},
  site: Partial<Site> & Partial<Omit<Origin, 'bucket' | 'distribution'>> = {},
  ...rest: [list?: Parameters<typeof startFunction>[2], shared?: Parameters<typeof startFunction>[3]]
) {
  const { origins, readDistribution = true, indexDocument, ...origin } = site;
  const own = origins ?? [{ bucket: 'site', distribution: 'E1SITE', ...origin }];
  const configurations = config && { E1SITE: distributionConfig(config) };
  running = await startFunction(
    { origins: own, readDistribution, indexDocument },
    { configurations, ...options },
    ...rest,
  );
  return running;
}

let sent = 0;
const changed = (...keys: string[]) => keys.map((key) => message(`message-${sent++}`, s3Body(key)));
const pathsOf = ({ cloudFront }: RunningFunction) => cloudFront.invalidations.flatMap(({ paths }) => paths).sort();
const warnings = (log: readonly { level: string; message: string }[]) => log.filter(({ level }) => level === 'WARN');

describe('a distribution', () => {
  test('tells the paths of objects, though no option does', async () => {
    const { receive } = await start({
      ...LIVE,
      otherwise: { origin: 'site', runs: 'viewer-request' },
      DefaultRootObject: 'index.html',
    });
    expect(await receive(changed('live/index.html', 'live/docs/index.html', 'next/a.html'))).toMatchObject({
      returned: [],
    });
    expect(pathsOf(running)).toEqual(['/', '/docs', '/docs/', '/docs/index.html', '/index.html']);
  });

  test('is read once, and again after some minutes', async () => {
    const { receive, cloudFront, pass } = await start(LIVE);
    await receive(changed('live/a', 'live/b'));
    await receive(changed('live/c'));
    expect(cloudFront.reads).toHaveLength(1);
    Object.assign(cloudFront.configurations, {
      E1SITE: distributionConfig({ ...LIVE, origins: { site: `${BUCKET_DOMAIN}/next` } }),
    });
    pass(4 * MINUTE);
    await receive(changed('live/d'));
    expect(cloudFront.reads).toHaveLength(1);
    pass(2 * MINUTE);
    await receive(changed('live/e', 'next/f'));
    expect(cloudFront.reads).toHaveLength(2);
    expect(pathsOf(running)).toEqual(['/a', '/b', '/c', '/d', '/f']);
  });

  test('is not read if that is switched off', async () => {
    const { receive, cloudFront } = await start(LIVE, {}, { readDistribution: false });
    await receive(changed('live/docs/index.html'));
    expect(cloudFront.reads).toEqual([]);
    expect(pathsOf(running)).toEqual(['/live/docs', '/live/docs/', '/live/docs/index.html']);
  });

  test('keeps the application around its images', async () => {
    const images = Array.from({ length: 40 }, (_, at) => `images/${at}.jpg`);
    const { receive } = await start(IMAGES_OF_AN_APP, {}, {}, listing(images));
    expect((await receive(changed(...images))).returned).toEqual([]);
    expect(pathsOf(running)).toEqual(['/images/*']);
  });

  test('keeps an application that may be anywhere', async () => {
    const pages = Array.from({ length: 40 }, (_, at) => `docs/${at}.html`);
    const config = { origins: SITE_AND_APP, behaviors: { '*.php': { origin: 'app' } }, otherwise: { origin: 'site' } };
    let listed = 0;
    const { receive } = await start(config, {}, {}, (request, signal) => {
      if (request.prefix !== '') listed++;
      return listing([...Array.from({ length: 20_000 }, (_, at) => `a/${at}`), ...pages].sort())(request, signal);
    });
    await receive(changed(...pages));
    expect(pathsOf(running)).toEqual(pages.map((key) => `/${key}`).sort());
    // Nothing that lies there could make a wildcard pay.
    expect(listed).toBe(0);
  });

  test.each([
    [
      'query strings',
      ['docs/1', 'docs/2', 'blog/3'],
      BY_QUERY_STRING,
      ['/blog/3', '/blog/3?*', '/docs/1', '/docs/1?*', '/docs/2', '/docs/2?*'],
    ],
    ['tildes', ['docs/a~1.js', 'docs/b~2.js', 'blog/c~3.js'], undefined, ['/blog/c*', '/docs/a*', '/docs/b*']],
  ])('keeps it where %s take a wildcard for each object', async (_, keys, policy, paths) => {
    const config = {
      origins: SITE_AND_APP,
      behaviors: { '*.php': { origin: 'app' } },
      otherwise: { origin: 'site', policy },
    };
    const others = Array.from({ length: 900 }, (_, at) => ['docs/x', 'blog/y'].map((each) => `${each}${at}`)).flat();
    const { receive } = await start(config, {}, {}, listing([...keys, ...others]));
    await receive(changed(...keys));
    expect(pathsOf(running)).toEqual(paths);
  });

  test('gives way to what must be covered, when nothing else passes', async () => {
    const pages = Array.from({ length: 1200 }, (_, at) => `docs/${at}.html`);
    const config = { origins: SITE_AND_APP, behaviors: { '*.php': { origin: 'app' } }, otherwise: { origin: 'site' } };
    const { receive } = await start(config, {}, {}, listing(pages));
    expect((await receive(changed(...pages))).returned).toEqual([]);
    expect(pathsOf(running).length).toBeLessThanOrEqual(1000);
  });

  test('to which no behavior leads is acknowledged, with the reason', async () => {
    const { receive } = await start(IMAGES_OF_AN_APP);
    const { returned, log } = await receive(changed('docs/a.html'));
    expect(returned).toEqual([]);
    expect(pathsOf(running)).toEqual([]);
    const reason = {
      level: 'DEBUG',
      message: 'Message ignored',
      why: 'no behavior leads to "docs/a.html" of bucket site',
    };
    expect(log).toContainEqual(expect.objectContaining(reason));
  });

  test('that has other buckets is served as the options say, with a warning once that names both', async () => {
    const { receive } = await start(
      { origins: { site: 'other.s3.amazonaws.com' }, otherwise: { origin: 'site' } },
      {},
      { path: '/live' },
    );
    const first = await receive(changed('live/a'));
    expect(warnings(first.log)).toEqual([
      expect.objectContaining({
        message: 'Distribution disagrees',
        distribution: 'E1SITE',
        why: 'No origin of distribution E1SITE is bucket site: its objects are invalidated as the options say',
      }),
    ]);
    expect(warnings((await receive(changed('live/b'))).log)).toEqual([]);
    expect(pathsOf(running)).toEqual(['/a', '/b']);
  });

  test('for tenants only fails all messages, and says what it is', async () => {
    const { receive, cloudFront } = await start({ ...LIVE, ConnectionMode: 'tenant-only' });
    const { returned, errors } = await receive(changed('live/a', 'live/b', 'next/c'));
    expect(returned).toHaveLength(3);
    expect(cloudFront.calls).toEqual([]);
    expect(errors[0]).toMatchObject({
      level: 'ERROR',
      cause: 'configuration',
      why: expect.stringContaining('serves viewers by its tenants only (ConnectionMode "tenant-only")'),
    });
  });

  test('has a cache policy of its own, which is read', async () => {
    const key = {
      EnableAcceptEncodingGzip: true,
      HeadersConfig: { HeaderBehavior: 'none' as const },
      CookiesConfig: { CookieBehavior: 'none' as const },
    };
    const policy = (behavior: 'whitelist' | 'none') => ({
      Name: 'own',
      MinTTL: 0,
      ParametersInCacheKeyAndForwardedToOrigin: {
        ...key,
        QueryStringsConfig: {
          QueryStringBehavior: behavior,
          ...(behavior === 'whitelist' && { QueryStrings: list(['v']) }),
        },
      },
    });
    const { receive, cloudFront } = await start(
      {
        origins: { site: BUCKET_DOMAIN },
        behaviors: { '/search/*': { origin: 'site', policy: 'OWN' }, '/plain/*': { origin: 'site', policy: 'PLAIN' } },
        otherwise: { origin: 'site' },
      },
      { cachePolicies: { OWN: policy('whitelist'), PLAIN: policy('none') } },
    );
    await receive(changed('search/a', 'plain/b', 'c'));
    expect(pathsOf(running)).toEqual(['/c', '/plain/b', '/search/a', '/search/a?*']);
    expect(cloudFront.reads.map(({ operation, id }) => `${operation} ${id}`).sort()).toEqual([
      'GetCachePolicyConfig OWN',
      'GetCachePolicyConfig PLAIN',
      'GetDistributionConfig E1SITE',
    ]);
  });

  test('whose cache policy cannot be read is still known, with a warning', async () => {
    const { receive } = await start({ ...LIVE, otherwise: { origin: 'site', policy: 'SECRET' } });
    const { log } = await receive(changed('live/a'));
    expect(pathsOf(running)).toEqual(['/a']);
    expect(warnings(log)).toEqual([
      expect.objectContaining({
        why: expect.stringContaining("The cache policy of behavior /* of distribution E1SITE can't be read"),
      }),
    ]);
  });
});

describe('a prefix that viewers have in front of the keys', () => {
  const config: ShortConfig = {
    origins: SITE_AND_APP,
    behaviors: { '/assets/*': { origin: 'site', runs: 'viewer-request' } },
    otherwise: { origin: 'app' },
  };
  const keys = Array.from({ length: 40 }, (_, at) => `img/${at}.png`);

  test('is in every path, index forms too', async () => {
    const { receive } = await start(undefined, {}, { viewerPrefix: '/assets', readDistribution: false });
    await receive(changed('a.png', 'docs/index.html', 'index.html'));
    expect(pathsOf(running)).toEqual([
      ...['/assets', '/assets/', '/assets/a.png', '/assets/docs', '/assets/docs/', '/assets/docs/index.html'],
      '/assets/index.html',
    ]);
  });

  test.each([
    ['stated', undefined, '/assets', ['/assets/img/*']],
    ['read', config, undefined, ['/assets/img/*', ...keys.map((key) => `/${key}`)]],
  ] as const)('is in a wildcard that the bucket proves cheap: %s', async (_, read, viewerPrefix, paths) => {
    const requests: ListRequest[] = [];
    const others = Array.from({ length: 30_000 }, (_, at) => `a/${at}.png`);
    const site = { ...(viewerPrefix && { viewerPrefix }), readDistribution: read !== undefined };
    const { receive } = await start(read, {}, site, (request, signal) => {
      requests.push(request);
      return listing([...others, ...keys].sort())(request, signal);
    });
    const { log } = await receive(changed(...keys));
    expect(pathsOf(running)).toEqual([...paths].sort());
    expect(log).toContainEqual(expect.objectContaining({ message: 'Planned', evictedObjects: 0 }));
    expect(new Set(requests.map(({ prefix }) => prefix))).toContain('img/');
    // What is read may lead to keys of that name, too.
    expect(requests.some(({ prefix }) => prefix.startsWith('assets'))).toBe(read !== undefined);
  });
});

describe('two buckets behind a distribution', () => {
  const origins = ['site', 'pics'].map((bucket) => ({ bucket, distribution: 'E1SITE' }));
  const config = {
    origins: { site: BUCKET_DOMAIN, pics: 'pics.s3.amazonaws.com' },
    behaviors: { '/images/*': { origin: 'pics' } },
    otherwise: { origin: 'site' },
  };

  test('are each listed in their own room', async () => {
    const keys = Array.from({ length: 100 }, (_, at) => `images/${at}`);
    const page = listing(keys);
    const requests: ListRequest[] = [];
    const { receive } = await start(config, {}, { origins }, (request, signal) => {
      requests.push(request);
      return page(request, signal);
    });
    await receive(keys.slice(0, 60).map((key) => message(key, s3Body(key, { bucket: 'pics' }))));
    const [first, second, ...further] = requests.map(({ bucket, prefix }) => `${bucket}/${prefix}`);
    // Before it knows the distribution.
    expect([first, second]).toEqual(['site/', 'pics/']);
    expect(further).toEqual(['pics/images/']);
    expect(pathsOf(running)).toEqual(['/images/*']);
  });
});

/** What goes wrong, and what the warning says of it. */
const FAULTS: readonly (readonly [string, NonNullable<LocalCloudFrontOptions['readFault']>, string])[] = [
  [
    'is refused',
    () => ({ kind: 'refuse', status: 403, code: 'AccessDenied', message: 'Not authorized' }),
    'Not authorized',
  ],
  [
    'is answered by an error',
    () => ({ kind: 'refuse', status: 503, code: 'ServiceUnavailable' }),
    'ServiceUnavailable',
  ],
  ['hangs', () => ({ kind: 'hang' }), 'CloudFront had not answered within 2000 ms'],
  ...(['empty', 'not-xml', 'other-resource', 'other-xml', 'truncated-xml'] as const).map(
    (as) => [`is answered by nonsense (${as})`, () => ({ kind: 'garble-answer', as }) as const, ''] as const,
  ),
];

describe('the rooms of two buckets', () => {
  const origins = ['site', 'pics'].map((bucket) => ({ bucket, distribution: 'E1SITE' }));
  const config = {
    origins: { site: BUCKET_DOMAIN, pics: 'pics.s3.amazonaws.com' },
    behaviors: { '/images/*': { origin: 'pics' } },
    otherwise: { origin: 'site' },
  };
  const images = Array.from({ length: 40 }, (_, at) => `images/${at}`);
  const unreachable = Array.from({ length: 400 }, (_, at) => `images/old-${at}`);
  const others = Array.from({ length: 30_000 }, (_, at) => `docs/${at}`);
  const last = Array.from({ length: 40 }, (_, at) => `zz/${at}`);

  test.each<[string, string, string[], string[]]>([
    ['what lies in the other bucket under the same names is not evicted', 'pics', images, ['/images/*']],
    ['nothing is looked for in the other bucket', 'site', last, ['/zz/*']],
  ])('%s', async (_, bucket, keys, paths) => {
    const buckets: Record<string, readonly string[]> = { site: [...others, ...unreachable, ...last], pics: images };
    const requests: string[] = [];
    const { receive, cloudFront } = await start(config, {}, { origins }, (request, signal) => {
      requests.push(`${request.bucket}/${request.prefix}`);
      return listing(buckets[request.bucket] ?? [])(request, signal);
    });
    const { log } = await receive(keys.map((key) => message(key, s3Body(key, { bucket }))));
    expect(cloudFront.invalidations.flatMap((each) => each.paths).sort()).toEqual(paths);
    expect(log).toContainEqual(expect.objectContaining({ message: 'Planned', evictedObjects: 0 }));
    expect(requests.filter((each) => each.startsWith('pics/zz'))).toEqual([]);
  });
});

describe('reading that fails', () => {
  test.each(FAULTS)('as it %s leaves it at the options, with a warning once', async (_, readFault, why) => {
    const { receive, cloudFront, pass } = await start(LIVE, { readFault });
    const started = performance.now();
    const first = await receive(changed('live/a/index.html'));
    // Two seconds at most for reading; the rest is for slow machines.
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(first.returned).toEqual([]);
    expect(pathsOf(running)).toEqual(['/live/a', '/live/a/', '/live/a/index.html']);
    expect(warnings(first.log)).toEqual([
      expect.objectContaining({
        message: 'Distribution not read',
        distribution: 'E1SITE',
        goesBy: 'the options',
        why: expect.stringContaining(why),
      }),
    ]);
    pass(2 * MINUTE);
    expect(warnings((await receive(changed('live/b'))).log)).toEqual([]);
    cloudFront.readFault = undefined;
    pass(2 * MINUTE);
    await receive(changed('live/c'));
    expect(pathsOf(running).slice(-2)).toEqual(['/live/a/index.html', '/live/b']);
    expect(pathsOf(running)).toContain('/c');
  });

  test('later leaves it at what was read before', async () => {
    const { receive, cloudFront, pass } = await start(LIVE);
    await receive(changed('live/a'));
    cloudFront.readFault = () => ({ kind: 'refuse', status: 503, code: 'ServiceUnavailable' });
    pass(6 * MINUTE);
    const { log } = await receive(changed('live/b'));
    expect(warnings(log)).toEqual([
      expect.objectContaining({ message: 'Distribution not read', goesBy: 'what it said before' }),
    ]);
    await receive(changed('live/c'));
    expect(pathsOf(running)).toEqual(['/a', '/b', '/c']);
  });

  test('of a cache policy leaves it at what that said before, and is tried again after a minute', async () => {
    const OWN = {
      Name: 'own',
      MinTTL: 0,
      ParametersInCacheKeyAndForwardedToOrigin: {
        EnableAcceptEncodingGzip: true,
        HeadersConfig: { HeaderBehavior: 'none' as const },
        CookiesConfig: { CookieBehavior: 'none' as const },
        QueryStringsConfig: { QueryStringBehavior: 'all' as const },
      },
    };
    const config = { ...LIVE, otherwise: { origin: 'site', policy: 'OWN' } };
    const failing = ({ operation }: { readonly operation: string }) =>
      operation === 'GetCachePolicyConfig' ? ({ kind: 'refuse', status: 503, code: 'Busy' } as const) : undefined;
    const { receive, cloudFront, pass } = await start(config, { cachePolicies: { OWN }, readFault: failing });
    await receive(changed('live/a'));
    cloudFront.readFault = undefined;
    pass(2 * MINUTE);
    await receive(changed('live/b'));
    cloudFront.readFault = failing;
    pass(6 * MINUTE);
    await receive(changed('live/c'));
    expect(pathsOf(running)).toEqual(['/a', '/b', '/b?*', '/c', '/c?*']);
  });

  test('of one distribution does not hold up another one', async () => {
    const origins = ['E1SITE', 'E2SITE'].map((distribution) => ({ bucket: 'site', distribution }));
    const configurations = { E1SITE: distributionConfig(LIVE), E2SITE: distributionConfig(LIVE) };
    running = await startFunction(
      { origins, readDistribution: true },
      { configurations, readFault: ({ id }) => (id === 'E1SITE' ? { kind: 'hang' } : undefined) },
    );
    const batch = running.receive(changed('live/a'));
    while (running.cloudFront.invalidations.length === 0) await setTimeout(10);
    expect(running.cloudFront.invalidations).toMatchObject([{ distribution: 'E2SITE', paths: ['/a'] }]);
    expect((await batch).returned).toEqual([]);
  });
});

describe('the first batch of an environment', () => {
  test('lists the bucket while it reads the distribution', async () => {
    let listed = false;
    const keys = ['a', 'b', 'c'];
    const { receive, cloudFront } = await start(
      { origins: { site: BUCKET_DOMAIN }, otherwise: { origin: 'site' } },
      {
        readFault: async () => {
          while (!listed) await setTimeout(5);
          return undefined;
        },
      },
      {},
      async (request, signal) => {
        listed = true;
        return listing(keys)(request, signal);
      },
    );
    await receive(changed('a', 'b'));
    expect(cloudFront.reads).toHaveLength(1);
  });

  test('takes the lease when it knows the distribution', async () => {
    const happened: string[] = [];
    const store = {
      acquire: async () => {
        happened.push('lease');
        return { kind: 'acquired', ledger: undefined } as const;
      },
      isFree: async () => true,
      release: async () => true,
    };
    const { receive } = await start(LIVE, { readFault: () => void happened.push('read') }, {}, undefined, {
      ledgerStore: store,
    });
    await receive(changed('live/a'));
    expect(happened).toEqual(['read', 'lease']);
  });
});

import { MANAGED_CACHE_POLICIES } from '../../../lambda/contract/cache-policies';
import type { Origin } from '../../../lambda/contract/environment';
import { toCachePolicy, toDistribution } from '../../../lambda/distribution/from-config';
import { aliasesBy } from '../../../lambda/paths/alias';
import { disagreements } from '../../../lambda/paths/disagreements';
import { serve } from '../../../lambda/paths/served-origin';
import { servedDistribution } from '../../../lambda/paths/served-origins';
import {
  APP_DOMAIN,
  BUCKET_DOMAIN,
  BY_QUERY_STRING,
  CACHING_DISABLED,
  distributionConfig,
  list,
  type ShortConfig,
} from './config';

const SITE = { site: BUCKET_DOMAIN };
const SITE_AND_APP = { site: BUCKET_DOMAIN, app: APP_DOMAIN };
const FOLDERS = { origin: 'site', runs: 'viewer-request' } as const;

interface Options extends Partial<Omit<Origin, 'bucket' | 'distribution'>> {
  readonly indexDocument?: string;
  readonly buckets?: readonly string[];
}

function served(config: ShortConfig, { indexDocument, buckets = ['site'], ...options }: Options = {}) {
  const read = toDistribution(distributionConfig(config), (id) => MANAGED_CACHE_POLICIES[id]);
  const origins = buckets.map((bucket) => ({
    bucket,
    distribution: 'E1',
    ...options,
    excludes: () => false,
    aliasesOf: aliasesBy(options.aliases ?? []),
  }));
  const view = servedDistribution({ origins, indexDocument }, { distribution: 'E1' }, read);
  const pathsOf = (key: string, bucket = 'site') => {
    const all = view.origins.filter((origin) => origin.bucket === bucket).map((origin) => serve(key, origin));
    return [...new Set(all.flatMap((each) => (each.kind === 'served' ? each.paths : [])))];
  };
  return { ...view, pathsOf, disagreements: disagreements('E1', read, origins) };
}

test.each<[string, ShortConfig, Record<string, string[]>, Options?]>([
  [
    'a plain site',
    { origins: SITE, otherwise: { origin: 'site' } },
    { 'a/index.html': ['/a/index.html'], 'index.html': ['/index.html'] },
  ],
  [
    'a root object',
    { origins: SITE, otherwise: { origin: 'site' }, DefaultRootObject: 'home.html' },
    { 'home.html': ['/home.html', '/'], 'index.html': ['/index.html'], 'a/home.html': ['/a/home.html'] },
  ],
  [
    'an origin path',
    { origins: { site: `${BUCKET_DOMAIN}/live` }, otherwise: { origin: 'site' } },
    { 'live/a.html': ['/a.html'], 'next/a.html': [], 'a.html': [] },
  ],
  [
    'a function for folders',
    { origins: SITE, otherwise: FOLDERS, DefaultRootObject: 'index.html' },
    { 'a/index.html': ['/a/index.html', '/a/', '/a'], 'index.html': ['/index.html', '/'], 'a.html': ['/a.html'] },
  ],
  [
    'a function of Lambda@Edge',
    { origins: SITE, otherwise: { origin: 'site', runs: 'origin-request', atEdge: true } },
    { 'a/index.html': ['/a/index.html', '/a/', '/a'] },
  ],
  [
    'a function that only sees answers',
    { origins: SITE, otherwise: { origin: 'site', runs: 'viewer-response' } },
    { 'a/index.html': ['/a/index.html'] },
  ],
  [
    'a website',
    { origins: { site: 'site.s3-website.eu-central-1.amazonaws.com' }, otherwise: { origin: 'site' } },
    { 'index.html': ['/index.html', '/'], 'a/index.html': ['/a/index.html', '/a/', '/a'] },
  ],
  [
    'a root object of another name, with a function',
    { origins: SITE, otherwise: FOLDERS, DefaultRootObject: 'home.html' },
    { 'a/home.html': ['/a/home.html', '/a/', '/a'], 'a/index.html': ['/a/index.html', '/a/', '/a'] },
  ],
  [
    'query strings in the key',
    { origins: SITE, otherwise: { origin: 'site', policy: BY_QUERY_STRING } },
    { 'a.html': ['/a.html', '/a.html?*'] },
  ],
  [
    'query strings of old',
    {
      origins: SITE,
      otherwise: { origin: 'site', legacy: { ForwardedValues: { QueryString: true, Cookies: { Forward: 'none' } } } },
    },
    { 'a.html': ['/a.html', '/a.html?*'] },
  ],
  [
    'query strings in one behavior',
    {
      origins: SITE,
      behaviors: { '/search/*': { origin: 'site', policy: BY_QUERY_STRING } },
      otherwise: { origin: 'site' },
    },
    { 'search/a': ['/search/a', '/search/a?*'], a: ['/a'] },
  ],
  [
    'an application with images',
    { origins: SITE_AND_APP, behaviors: { '/images/*': { origin: 'site' } }, otherwise: { origin: 'app' } },
    { 'images/a.jpg': ['/images/a.jpg'], 'docs/a.html': [], images: [] },
  ],
  [
    'an application below a site',
    { origins: SITE_AND_APP, behaviors: { 'app/*': { origin: 'app' } }, otherwise: { origin: 'site' } },
    { 'app/a': [], a: ['/a'] },
  ],
  [
    'a pattern with one character',
    { origins: SITE_AND_APP, behaviors: { '/v?/*': { origin: 'site' } }, otherwise: { origin: 'app' } },
    { 'v1/a': ['/v1/a'], 'v10/a': [] },
  ],
  [
    'a pattern for names that are encoded',
    { origins: SITE_AND_APP, behaviors: { '/caf?': { origin: 'site' } }, otherwise: { origin: 'app' } },
    { café: ['/caf%C3%A9'] },
  ],
  [
    'two origin paths',
    {
      origins: { site: BUCKET_DOMAIN, assets: `${BUCKET_DOMAIN}/assets` },
      behaviors: { '/static/*': { origin: 'assets' } },
      otherwise: { origin: 'site' },
    },
    { 'assets/static/x.js': ['/assets/static/x.js', '/static/x.js'], 'static/x.js': [] },
  ],
  [
    'two buckets',
    {
      origins: { site: BUCKET_DOMAIN, images: 'pics.s3.amazonaws.com' },
      behaviors: { '/images/*': { origin: 'images' } },
      otherwise: { origin: 'site' },
    },
    { 'images/a': [], a: ['/a'] },
    { buckets: ['site', 'pics'] },
  ],
  [
    'an origin group',
    {
      origins: { main: 'main.s3.amazonaws.com', site: BUCKET_DOMAIN },
      groups: { both: ['main', 'site'] },
      otherwise: { origin: 'both' },
    },
    { 'a.html': ['/a.html'] },
  ],
  [
    'a function that may lead anywhere',
    { origins: SITE_AND_APP, behaviors: { '/blog/*': FOLDERS }, otherwise: { origin: 'app' } },
    {
      'post.html': ['/post.html', '/blog/post.html'],
      'index.html': ['/index.html', '/blog/index.html', '/blog/'],
      'a/index.html': ['/a/index.html', '/blog/a/index.html', '/blog/a/', '/blog/a'],
      'blog/a.html': ['/blog/a.html'],
    },
  ],
  [
    'nothing cached',
    { origins: SITE, otherwise: { origin: 'site', policy: CACHING_DISABLED } },
    { 'a.html': ['/a.html'] },
  ],
  [
    'another bucket',
    { origins: { site: 'site2.s3.amazonaws.com' }, otherwise: { origin: 'site' } },
    { 'a/index.html': ['/a/index.html', '/a/', '/a'] },
  ],
  [
    'an origin path that is stated',
    { origins: { site: `${BUCKET_DOMAIN}/live` }, otherwise: { origin: 'site' } },
    { 'live/a': ['/a'], 'next/a': [] },
    { path: '/live' },
  ],
  [
    'an origin path that is stated wrongly',
    { origins: { site: `${BUCKET_DOMAIN}/live` }, otherwise: { origin: 'site' } },
    { 'live/a': ['/live/a', '/a'] },
    { path: '' },
  ],
  [
    'an index document that is stated',
    { origins: SITE, otherwise: { origin: 'site' } },
    { 'a/home': ['/a/home', '/a/', '/a'], 'a/index.html': ['/a/index.html'] },
    { indexDocument: 'home' },
  ],
  [
    'no index document, as is stated',
    { origins: SITE, otherwise: FOLDERS, DefaultRootObject: 'index.html' },
    { 'a/index.html': ['/a/index.html'], 'index.html': ['/index.html', '/'] },
    { indexDocument: '' },
  ],
  [
    'query strings that are stated',
    { origins: SITE, otherwise: { origin: 'site' } },
    { a: ['/a', '/a?*'] },
    { queryStrings: true },
  ],
  [
    'no query strings, as is stated',
    { origins: SITE, otherwise: { origin: 'site', policy: BY_QUERY_STRING } },
    { a: ['/a'] },
    { queryStrings: false },
  ],
  [
    'a prefix that a function takes away, beside a bucket that has other keys',
    { origins: SITE, behaviors: { '/docs/*': FOLDERS }, otherwise: { origin: 'site' } },
    { 'a.html': ['/a.html'], 'docs/a.html': ['/docs/a.html'] },
  ],
  [
    'a prefix that is stated, and a function may take away',
    { origins: SITE_AND_APP, behaviors: { '/assets/*': FOLDERS }, otherwise: { origin: 'app' } },
    {
      'a@b.png': ['/a@b.png', '/a%40b.png', '/assets/a@b.png', '/assets/a%40b.png'],
      'assets/a.png': ['/assets/a.png', '/assets/assets/a.png'],
    },
    { viewerPrefix: '/assets' },
  ],
  [
    'a prefix that is stated, and leads nowhere',
    { origins: SITE_AND_APP, behaviors: { '/images/*': { origin: 'site' } }, otherwise: { origin: 'app' } },
    { 'a.png': ['/assets/a.png'], 'images/a.png': ['/images/a.png', '/assets/images/a.png'] },
    { viewerPrefix: '/assets' },
  ],
  [
    'a prefix that is stated not to be there',
    { origins: SITE_AND_APP, behaviors: { '/blog/*': FOLDERS }, otherwise: { origin: 'app' } },
    { 'post.html': ['/post.html'] },
    { viewerPrefix: '' },
  ],
  [
    'a prefix in the cache key of whose behavior are query strings',
    {
      origins: SITE_AND_APP,
      behaviors: { '/assets/*': { ...FOLDERS, policy: BY_QUERY_STRING } },
      otherwise: { origin: 'app' },
    },
    { 'a.png': ['/a.png', '/a.png?*', '/assets/a.png', '/assets/a.png?*'] },
  ],
  [
    'aliases',
    {
      origins: SITE_AND_APP,
      behaviors: { '/resized/*': { origin: 'app', policy: BY_QUERY_STRING } },
      otherwise: { origin: 'site' },
    },
    { 'a.jpg': ['/a.jpg', '/resized/a', '/resized/a?*'] },
    { aliases: [{ pattern: '{name}.jpg', paths: ['/resized/{name}'] }] },
  ],
  [
    'only aliases',
    { origins: SITE_AND_APP, behaviors: { '/images/*': { origin: 'site' } }, otherwise: { origin: 'app' } },
    { 'a.jpg': ['/pics/a'] },
    { aliases: [{ pattern: '{name}.jpg', paths: ['/pics/{name}'] }] },
  ],
])('the paths behind %s', (_, config, expected, options = {}) => {
  const { pathsOf } = served(config, options);
  for (const [key, paths] of Object.entries(expected))
    expect([key, pathsOf(key).sort()]).toEqual([key, [...paths].sort()]);
});

test.each([
  [0, false],
  [1, true],
  [undefined, true],
])('a cache policy with a maximum TTL of %s caches: %s', (MaxTTL, caches) => {
  expect(toCachePolicy({ MinTTL: 0, MaxTTL }).caches).toBe(caches);
});

test('each of two buckets has its own room', () => {
  const { pathsOf, origins } = served(
    {
      origins: { site: BUCKET_DOMAIN, images: 'pics.s3.amazonaws.com' },
      behaviors: { '/images/*': { origin: 'images' } },
      otherwise: { origin: 'site' },
    },
    { buckets: ['site', 'pics'] },
  );
  expect(pathsOf('images/a', 'pics')).toEqual(['/images/a']);
  expect(pathsOf('a', 'pics')).toEqual([]);
  const [site, pics] = origins;
  expect([site?.mayReach('images/'), pics?.mayReach('images/')]).toEqual([false, true]);
  expect([site?.mayReach('docs/'), pics?.mayReach('docs/')]).toEqual([true, false]);
  expect([site?.mayReach(''), pics?.mayReach('')]).toEqual([true, true]);
  expect([site?.reaches('images/a'), pics?.reaches('images/a')]).toEqual([false, true]);
});

describe('what a wildcard may flush of others', () => {
  test.each<[string, ShortConfig, Record<string, number>]>([
    [
      'an application around',
      { origins: SITE_AND_APP, behaviors: { '/images/*': { origin: 'site' } }, otherwise: { origin: 'app' } },
      { '/': 1, '/i': 1, '/images/': 0, '/images/a': 0 },
    ],
    [
      'applications inside',
      {
        origins: { ...SITE_AND_APP, api: 'api.example.com' },
        behaviors: { '/app/*': { origin: 'app' }, '/api/*': { origin: 'api' } },
        otherwise: { origin: 'site' },
      },
      { '/': 2, '/ap': 2, '/app': 1, '/docs': 0 },
    ],
    [
      'an application that is not cached',
      {
        origins: SITE_AND_APP,
        behaviors: { '/app/*': { origin: 'app', policy: CACHING_DISABLED } },
        otherwise: { origin: 'site' },
      },
      { '/': 0 },
    ],
    [
      'an application that is not cached, of old',
      {
        origins: SITE_AND_APP,
        behaviors: {
          '/app/*': { origin: 'app', legacy: { MaxTTL: 0 } },
          '/x/*': {
            origin: 'app',
            legacy: { ForwardedValues: { QueryString: true, Cookies: { Forward: 'all' }, Headers: list(['*']) } },
          },
        },
        otherwise: { origin: 'site' },
      },
      { '/': 0 },
    ],
    [
      'a group that asks the application first',
      { origins: SITE_AND_APP, groups: { both: ['app', 'site'] }, otherwise: { origin: 'both' } },
      { '/': 1 },
    ],
    [
      'a group with a bucket of ours',
      { origins: SITE_AND_APP, groups: { both: ['site', 'app'] }, otherwise: { origin: 'both' } },
      { '/': 0 },
    ],
    [
      'pages of an application anywhere',
      { origins: SITE_AND_APP, behaviors: { '*.php': { origin: 'app' } }, otherwise: { origin: 'site' } },
      { '/': 1, '/docs/a': 1 },
    ],
  ])('%s', (_, config, expected) => {
    const { foreignUnder } = served(config);
    for (const [prefix, count] of Object.entries(expected))
      expect([prefix, foreignUnder(prefix)]).toEqual([prefix, count]);
  });
});

describe('copies of an error page that are held for long', () => {
  const errors = (ResponsePagePath: string, ErrorCachingMinTTL?: number) => ({
    CustomErrorResponses: list([{ ErrorCode: 404, ResponseCode: '404', ResponsePagePath, ErrorCachingMinTTL }]),
  });

  test.each<[string, ShortConfig, string, string[]]>([
    [
      'are covered by a wildcard',
      { origins: SITE, otherwise: { origin: 'site' }, ...errors('/404.html', 300) },
      '404.html',
      ['/*', '/404.html'],
    ],
    [
      'are those of that page alone',
      { origins: SITE, otherwise: { origin: 'site' }, ...errors('/404.html', 300) },
      'a.html',
      ['/a.html'],
    ],
    [
      'are left alone up to a minute',
      { origins: SITE, otherwise: { origin: 'site' }, ...errors('/404.html', 60) },
      '404.html',
      ['/404.html'],
    ],
    [
      'are left alone if nothing is said',
      { origins: SITE, otherwise: { origin: 'site' }, ...errors('/404.html') },
      '404.html',
      ['/404.html'],
    ],
    [
      'are covered where no application is',
      {
        origins: SITE_AND_APP,
        behaviors: { '/images/*': { origin: 'site' } },
        otherwise: { origin: 'app' },
        ...errors('/images/404.jpg', 300),
      },
      'images/404.jpg',
      ['/images/*', '/images/404.jpg'],
    ],
    [
      'are not covered where an application is',
      {
        origins: SITE_AND_APP,
        behaviors: { '/app/*': { origin: 'app' } },
        otherwise: { origin: 'site' },
        ...errors('/404.html', 300),
      },
      '404.html',
      ['/404.html'],
    ],
  ])('%s', (_, config, key, expected) => {
    expect(served(config).pathsOf(key).sort()).toEqual(expected);
  });

  test('under the URLs of an application are told', () => {
    const config = {
      origins: SITE_AND_APP,
      behaviors: { '/errors/*': { origin: 'site' } },
      otherwise: { origin: 'app' },
    };
    const { disagreements, pathsOf } = served({ ...config, ...errors('/errors/404.html', 3600) });
    expect(disagreements).toEqual([
      expect.stringContaining('copies of its error page /errors/404.html for 3600 s under /*'),
    ]);
    expect(pathsOf('errors/404.html').sort()).toEqual(['/errors/*', '/errors/404.html']);
    expect(served({ ...config, ...errors('/error.php', 3600) }).disagreements).toEqual([]);
  });

  test('and not covered are told', () => {
    const { disagreements } = served({
      origins: SITE_AND_APP,
      behaviors: { '/app/*': { origin: 'app' } },
      otherwise: { origin: 'site' },
      ...errors('/404.html', 300),
    });
    expect(disagreements).toEqual([
      expect.stringContaining('copies of its error page /404.html for 300 s under /app/*, /*'),
    ]);
  });
});

test.each<[string, ShortConfig, Options, string[]]>([
  [
    'a bucket that is not there',
    { origins: { site: 'site2.s3.amazonaws.com' }, otherwise: { origin: 'site' } },
    {},
    ['No origin of distribution E1 is bucket site'],
  ],
  [
    'another origin path',
    { origins: { site: `${BUCKET_DOMAIN}/live` }, otherwise: { origin: 'site' } },
    { path: '/next' },
    ['has bucket site behind the origin path "/live", but the option originPath is "/next"'],
  ],
  [
    'the same origin path',
    { origins: { site: `${BUCKET_DOMAIN}/live` }, otherwise: { origin: 'site' } },
    { path: '/live' },
    [],
  ],
  [
    'a cache policy that nobody knows',
    { origins: SITE, otherwise: { origin: 'site', policy: 'unknown' } },
    {},
    ["The cache policy of behavior /* of distribution E1 can't be read"],
  ],
])('what is told of %s', (_, config, options, expected) => {
  expect(served(config, options).disagreements).toEqual(expected.map((each) => expect.stringContaining(each)));
});

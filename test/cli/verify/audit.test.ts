import { PATIENCE } from '../../effort';
import { APP_DOMAIN, BY_QUERY_STRING } from '../../lambda/distribution/config';
import { COMPLETION, type Sites, startSites } from './site';

jest.setTimeout(PATIENCE);

let sites: Sites;

beforeAll(async () => {
  sites = await startSites();
});

afterAll(() => sites.close());

const LATER = 10_000;

test('nothing has changed: that is said, and no invalidation is read', async () => {
  const site = await sites.site();
  await site.put('old.html');
  const { isFresh, report, counted } = await site.verify({ since: { at: Date.now() + 30_000 } });
  expect(isFresh).toBe(true);
  expect(report).toMatch(/^0 objects of bucket site-\d+ changed since .*Z\./);
  expect(counted('ListInvalidations')).toBe(0);
});

test('an object is not covered, then in progress, then completed; the report names the path and the invalidation', async () => {
  const site = await sites.site();
  await site.put('docs/a b.html');
  const before = await site.verify();
  expect(before.isFresh).toBe(false);
  expect(before.report).toContain(
    'not covered  docs/a b.html  /docs/a%20b.html  /docs/a+b.html  no invalidation since the change\n',
  );
  sites.later(LATER);
  const id = await site.invalidate('/docs/a%20b.html', '/docs/a+b.html');
  const meanwhile = await site.verify();
  expect([meanwhile.isFresh, meanwhile.states]).toEqual([
    false,
    { 'docs/a b.html': ['/docs/a%20b.html in progress', '/docs/a+b.html in progress'] },
  ]);
  sites.later(COMPLETION);
  const after = await site.verify();
  expect(after.isFresh).toBe(true);
  expect(after.report).toMatch(
    new RegExp(
      `completed    docs/a b\\.html  /docs/a%20b\\.html  /docs/a\\+b\\.html  ${id}, created \\d+\\.\\d s after`,
    ),
  );
  expect(after.report).toContain('1 object of bucket');
  expect(after.report).toContain(': 1 fresh.\n');
});

test('a path that is left out is named, and makes the object not covered', async () => {
  const site = await sites.site(() => ({ otherwise: { origin: 'site', runs: 'viewer-request' } }));
  await site.put('docs/index.html');
  sites.later(LATER);
  const id = await site.invalidate('/docs/index.html', '/docs/');
  sites.later(COMPLETION);
  const { states, isFresh, report } = await site.verify();
  expect(states).toEqual({
    'docs/index.html': ['/docs/index.html completed', '/docs/ completed', '/docs not covered'],
  });
  expect(isFresh).toBe(false);
  expect(report).toContain(`completed    docs/index.html  /docs/  ${id}, created`);
  expect(report).toContain('not covered  docs/index.html  /docs  no invalidation since the change\n');
  expect(report).toContain(': 1 not covered.\n');
});

test('an invalidation from before the change covers nothing', async () => {
  const site = await sites.site();
  sites.later(-LATER * 100);
  await site.invalidate('/*');
  sites.later(LATER * 100);
  await site.put('a.html');
  expect((await site.verify()).states).toEqual({ 'a.html': ['/a.html not covered'] });
});

test('query strings have to be covered where they are in the cache key', async () => {
  const site = await sites.site(() => ({ otherwise: { origin: 'site', policy: BY_QUERY_STRING } }));
  await site.put('a.html');
  sites.later(LATER);
  await site.invalidate('/a.html');
  sites.later(COMPLETION);
  expect((await site.verify()).states).toEqual({ 'a.html': ['/a.html completed', '/a.html?* not covered'] });
  expect((await site.verify({ queryStrings: false })).isFresh).toBe(true);
});

test('what is stated counts as for the function: origin path, index document, exclude, prefix', async () => {
  const site = await sites.site();
  for (const key of ['live/docs/index.html', 'live/assets/a.js', 'other.html']) await site.put(key);
  const stated = { originPath: '/live', indexDocument: 'index.html', exclude: ['assets/**'] };
  const { states, notServed } = await site.verify(stated);
  expect(states['live/docs/index.html']).toEqual(
    expect.arrayContaining(['/docs/index.html not covered', '/docs/ not covered', '/docs not covered']),
  );
  // The distribution itself leads to it, under another path.
  expect(Object.keys(states).toSorted()).toEqual(['live/assets/a.js', 'live/docs/index.html', 'other.html']);
  expect(states['live/assets/a.js']).toEqual(['/live/assets/a.js not covered']);
  expect(notServed).toBe(0);
  const excluded = await site.verify({ exclude: ['live/assets/**'], prefix: 'live/' });
  expect(Object.keys(excluded.states)).toEqual(['live/docs/index.html']);
  expect(excluded.report).toContain('1 changed object needs no invalidation: not served, or excluded.\n');
});

test('only where behaviors lead to is listed, and what none leads to needs no invalidation', async () => {
  const site = await sites.site((bucket) => ({
    origins: { site: `${bucket}.s3.amazonaws.com`, app: APP_DOMAIN },
    behaviors: { '/static/*.js': { origin: 'site' } },
    otherwise: { origin: 'app' },
  }));
  for (const key of ['static/a.js', 'static/a.css', 'index.html']) await site.put(key);
  const { states, progress, report } = await site.verify();
  expect(states).toEqual({ 'static/a.js': ['/static/a.js not covered'] });
  expect(progress).toContain(`Listing ${site.bucket}: 2 objects, 2 changed`);
  expect(report).toContain('1 changed object needs no invalidation: not served, or excluded.\n');
});

test('pages: of a bucket, all; of the invalidations, as many as are needed, each read once', async () => {
  const site = await sites.site();
  const keys = Array.from({ length: 1_003 }, (_, at) => `page-${at}.html`);
  for (let at = 0; at < keys.length; at += 40) await Promise.all(keys.slice(at, at + 40).map((key) => site.put(key)));
  sites.later(LATER);
  const first = await site.invalidate('/page*');
  sites.later(COMPLETION);
  for (let at = 0; at < 103; at++) await site.invalidate(`/elsewhere/${at}`);
  const { changes, isFresh, counted, progress } = await site.verify();
  expect([changes.length, isFresh]).toEqual([1_003, true]);
  expect(new Set(changes.flatMap(({ paths }) => paths.map(({ by }) => by?.id)))).toEqual(new Set([first]));
  expect([counted('ListObjectsV2'), counted('ListInvalidations'), counted('GetInvalidation')]).toEqual([2, 2, 104]);
  expect(progress).toContain(`Listing ${site.bucket}: 1,003 objects, 1,003 changed`);
  // The newest one covers all: no other is read.
  await site.invalidate('/*');
  sites.later(COMPLETION);
  const quick = await site.verify();
  expect([quick.isFresh, quick.counted('ListInvalidations'), quick.counted('GetInvalidation')]).toEqual([true, 1, 1]);
});

test('invalidations that are older than every change are not read', async () => {
  const site = await sites.site();
  sites.later(-LATER * 100);
  for (let at = 0; at < 105; at++) await site.invalidate('/a.html');
  sites.later(LATER * 100);
  await site.put('a.html');
  const { counted, isFresh } = await site.verify();
  expect([isFresh, counted('ListInvalidations'), counted('GetInvalidation')]).toEqual([false, 1, 0]);
});

describe('what S3 does not tell the time of', () => {
  test('a deleted object of --keys is not proven fresh by an invalidation from before the look, unless --changed-by says so', async () => {
    const site = await sites.site();
    await site.put('gone.html');
    await site.remove('gone.html');
    expect((await site.verify({ keys: ['gone.html'] })).states).toEqual({ 'gone.html': ['/gone.html not covered'] });
    // CloudFront's clock is ahead by what other tests put it forward: this one is created a minute ago.
    const deleted = Date.now();
    const ahead = await aheadOf(site);
    sites.later(-ahead - 60_000);
    const id = await site.invalidate('/gone.html');
    sites.later(ahead + 60_000 + COMPLETION);
    const vague = await site.verify({ keys: ['gone.html'] });
    expect([vague.isFresh, vague.states]).toEqual([false, { 'gone.html': ['/gone.html not proven'] }]);
    expect(vague.report).toContain(`${id}, but S3 does not tell whether the change was before: --changed-by says`);
    const stated = await site.verify({ keys: ['gone.html'], changedBy: { at: deleted - 90_000 } });
    expect([stated.isFresh, stated.states]).toEqual([true, { 'gone.html': ['/gone.html completed'] }]);
    sites.later(LATER);
    await site.invalidate('/gone.html');
    sites.later(COMPLETION);
    expect((await site.verify({ keys: ['gone.html'] })).isFresh).toBe(true);
  });

  test('a key of --keys that the bucket lists is as old as it says there', async () => {
    const site = await sites.site();
    await site.put('a.html');
    const { changes } = await site.verify({ keys: ['a.html'] });
    expect(changes).toHaveLength(1);
    expect((changes[0]?.change.time.latest ?? 0) - (changes[0]?.change.time.earliest ?? 0)).toBeLessThan(2_000);
  });

  /** How far CloudFront's clock is ahead of this machine's, in ms. */
  async function aheadOf(site: { invalidate(...paths: string[]): Promise<string> }): Promise<number> {
    return sites.createTime(await site.invalidate('/elsewhere')) - Date.now();
  }
});

describe('waiting', () => {
  test('ends as soon as everything is covered and completed, and asks once in five seconds', async () => {
    const site = await sites.site();
    await site.put('a.html');
    await site.put('b.html');
    const steps = [
      () => sites.later(LATER),
      () => site.invalidate('/a.html'),
      () => sites.later(COMPLETION),
      () => site.invalidate('/b.html'),
      () => {},
      () => sites.later(COMPLETION),
    ];
    const { isFresh, waited, counted } = await site.verify({ wait: 300_000 }, () => steps.shift()?.());
    expect([isFresh, waited]).toEqual([true, 30_000]);
    expect(steps).toEqual([]);
    expect([counted('ListInvalidations'), counted('GetInvalidation'), counted('ListObjectsV2')]).toEqual([7, 2, 1]);
  });

  test('ends with the time, and looks once more then', async () => {
    const site = await sites.site();
    await site.put('a.html');
    const { isFresh, waited, counted } = await site.verify({ wait: 12_000 });
    expect([isFresh, waited, counted('ListInvalidations')]).toEqual([false, 12_000, 4]);
  });

  test('survives an answer that fails in passing, but not one that fails in the end', async () => {
    const site = await sites.site();
    await site.put('a.html');
    const fail = () => sites.failLists(1);
    const steps = [fail, () => sites.later(LATER), () => site.invalidate('/a.html'), () => sites.later(COMPLETION)];
    const { isFresh, waited } = await site.verify({ wait: 60_000 }, () => steps.shift()?.());
    expect([isFresh, waited]).toEqual([true, 20_000]);
    await site.put('a.html');
    sites.failLists(1);
    await expect(site.verify()).rejects.toThrow(
      /^The invalidations of distribution E\w+ can't be read: ServiceUnavailable: /,
    );
  });
});

describe('it says why nothing can be said:', () => {
  test.each([
    [
      'no such distribution',
      { distribution: 'E404AAAA' },
      /^Distribution E404AAAA can't be read: there is no such distribution in this account \(/,
    ],
    ['no such bucket', { bucket: 'nowhere', originPath: '' }, /^Bucket nowhere can't be listed: NoSuchBucket: /],
    ['another bucket', { bucket: 'other' }, /^No origin of distribution E\w+ is bucket other\. /],
  ])('%s', async (_, asked, why) => {
    const site = await sites.site();
    await expect(site.verify(asked)).rejects.toThrow(why);
  });

  test('a distribution for tenants only', async () => {
    const site = await sites.site(() => ({ ConnectionMode: 'tenant-only' }));
    await expect(site.verify()).rejects.toThrow(/serves viewers by its tenants only/);
  });

  test('a tenant whose origin path nobody knows', async () => {
    const site = await sites.site((bucket) => ({
      ConnectionMode: 'tenant-only',
      origins: { site: `${bucket}.s3.eu-central-1.amazonaws.com/{{tenantName}}` },
    }));
    await expect(site.verify({ tenant: site.tenants[0] })).rejects.toThrow(/state the option originPath/);
  });

  test('a tenant that does not exist', async () => {
    const site = await sites.site(() => ({ ConnectionMode: 'tenant-only' }));
    await site.put('a.html');
    await expect(site.verify({ tenant: 'dt_nowhere' })).rejects.toThrow(
      /^The invalidations of tenant dt_nowhere of distribution E\w+ can't be read: EntityNotFound: /,
    );
  });

  test('a cache policy that nobody may read, unless query strings are stated', async () => {
    const site = await sites.site(() => ({ otherwise: { origin: 'site', policy: 'SECRET' } }));
    await expect(site.verify()).rejects.toThrow(
      /^The cache policy of behavior \/\* of distribution E\w+ can't be read/,
    );
    expect((await site.verify({ queryStrings: false })).isFresh).toBe(true);
  });
});

describe('of a tenant', () => {
  test('its own invalidations count, and neither those of others nor those of the distribution', async () => {
    const site = await sites.site(() => ({ ConnectionMode: 'tenant-only' }));
    const [tenant, other] = site.tenants;
    await site.put('a.html');
    sites.later(LATER);
    await site.invalidateTenant(other, '/*');
    const stale = await site.verify({ tenant });
    expect(stale.states).toEqual({ 'a.html': ['/a.html not covered'] });
    const id = await site.invalidateTenant(tenant, '/a.html');
    sites.later(COMPLETION);
    const fresh = await site.verify({ tenant });
    expect(fresh.states).toEqual({ 'a.html': ['/a.html completed'] });
    expect(fresh.report).toContain(id);
    expect(fresh.report).toContain(`completed invalidations of tenant ${tenant} of distribution ${site.distribution}.`);
    expect(fresh.counted('ListInvalidations')).toBe(0);
    expect(fresh.counted('ListInvalidationsForDistributionTenant')).toBe(1);
  });

  test('paths are those behind its origin path', async () => {
    const site = await sites.site(() => ({ ConnectionMode: 'tenant-only' }));
    const [tenant] = site.tenants;
    await site.put('tenant-a/docs/a.html');
    await site.put('tenant-b/docs/b.html');
    const { states } = await site.verify({ tenant, originPath: '/tenant-a' });
    expect(states['tenant-a/docs/a.html']).toEqual(expect.arrayContaining(['/docs/a.html not covered']));
  });
});

describe('by rules', () => {
  const aliases = [
    { pattern: 'images/{name}.jpg', paths: ['/resized/{name}-*'], tags: ['image:{name}'] },
    { pattern: 'data/{name}.json', tags: ['Product:{name}'] },
  ];
  const tagged = { CacheTagConfig: { HeaderName: 'x-amz-meta-cache-tag' } };

  test('further paths and tags of a changed object must be covered, too; tags whatever their capitals', async () => {
    const site = await sites.site(() => tagged);
    await site.put('images/Cat.jpg');
    sites.later(LATER);
    const id = await site.invalidate('/images/Cat.jpg', '/*', '#image:dog', '#image:catalogue');
    sites.later(COMPLETION);
    const before = await site.verify({ aliases });
    expect([before.isFresh, before.states['images/Cat.jpg']]).toEqual([
      false,
      ['/images/Cat.jpg completed', '/resized/Cat-* completed', '#image:cat not covered'],
    ]);
    expect(before.report).toMatch(new RegExp(`^completed {4}images/Cat\\.jpg {2}/resized/Cat-\\* {2}${id}`, 'm'));
    expect(before.report).toMatch(/^not covered {2}images\/Cat\.jpg {2}#image:cat /m);
    sites.later(LATER);
    await site.invalidate('#IMAGE:Cat');
    sites.later(COMPLETION);
    expect(await site.verify({ aliases })).toMatchObject({ isFresh: true });
  });

  test('without them, nobody asks for tags', async () => {
    const site = await sites.site(() => tagged);
    await site.put('images/cat.jpg');
    sites.later(LATER);
    await site.invalidate('/images/cat.jpg');
    sites.later(COMPLETION);
    expect(await site.verify()).toMatchObject({
      isFresh: true,
      states: { 'images/cat.jpg': ['/images/cat.jpg completed'] },
    });
  });

  test('an object that no behavior leads to has its tags all the same', async () => {
    const site = await sites.site((bucket) => ({
      origins: { site: `${bucket}.s3.eu-central-1.amazonaws.com`, app: APP_DOMAIN },
      behaviors: { '/images/*': { origin: 'site' } },
      otherwise: { origin: 'app' },
      ...tagged,
    }));
    await site.put('data/7.json');
    const { states, notServed } = await site.verify({ aliases });
    expect([states, notServed]).toEqual([{ 'data/7.json': ['#product:7 not covered'] }, 0]);
  });

  test('where a distribution has no CacheTagConfig, no tag proves anything', async () => {
    const site = await sites.site();
    await site.put('data/7.json');
    await expect(site.verify({ aliases })).rejects.toThrow(/^Distribution E\w+ has no CacheTagConfig: /);
  });
});

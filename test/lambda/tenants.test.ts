import { EntityNotFound } from '@aws-sdk/client-cloudfront';
import { toApiError } from '../../lambda/cloudfront/api-error';
import { callerReference } from '../../lambda/cloudfront/caller-reference';
import { readConfiguration } from '../../lambda/configuration';
import type { Origin } from '../../lambda/contract/environment';
import type { LedgerStore } from '../../lambda/dispatch/ledger-store';
import type { LocalCloudFrontOptions } from '../../local/cloudfront/server';
import { APP_DOMAIN, BUCKET_DOMAIN, distributionConfig, type ShortConfig } from './distribution/config';
import { listing, type RunningFunction, type Site, startFunction } from './function';
import { message, s3Body } from './messages';

let running: RunningFunction;
afterEach(() => running?.stop());

const A = { bucket: 'site', distribution: 'E1SITE', tenant: 'dt_a', path: '/tenant-a' };
const B = { bucket: 'site', distribution: 'E1SITE', tenant: 'dt_b', path: '/tenant-b' };
const ITSELF = { bucket: 'site', distribution: 'E1SITE', path: '/all' };

async function start(
  origins: readonly Origin[],
  site: Partial<Site> = {},
  options: Partial<LocalCloudFrontOptions> = {},
  ...rest: [list?: Parameters<typeof startFunction>[2], shared?: Parameters<typeof startFunction>[3]]
) {
  running = await startFunction({ origins, indexDocument: '', ...site }, options, ...rest);
  return running;
}

let sent = 0;
const changed = (...keys: string[]) => keys.map((key) => message(`message-${sent++}`, s3Body(key)));
const invalidated = () =>
  running.cloudFront.invalidations
    .map(({ distribution, tenant, paths }) => `${distribution} ${tenant ?? '-'} ${[...paths].sort()}`)
    .sort();

describe('tenants of one distribution', () => {
  test('are invalidated each on its own, and beside the distribution itself', async () => {
    const { receive, cloudFront } = await start([A, B, ITSELF]);
    const { returned } = await receive(changed('tenant-a/x', 'tenant-b/x', 'tenant-b/y', 'all/z', 'tenant-c/x'));
    expect(returned).toEqual([]);
    expect(invalidated()).toEqual(['E1SITE - /z', 'E1SITE dt_a /x', 'E1SITE dt_b /x,/y']);
    expect(cloudFront.calls).toHaveLength(3);
  });

  test('are named in every line about them, with the distribution', async () => {
    const { receive } = await start([A, ITSELF]);
    const [a, all] = [changed('tenant-a/x'), changed('all/x')];
    const { log } = await receive([...a, ...all]);
    const again = await receive(a);
    const lines = [...log, ...again.log].filter(({ distribution }) => distribution !== undefined);
    const named = (text: string) => lines.filter((line) => line.message === text).map(({ tenant }) => tenant);
    expect(named('Planned').sort()).toEqual(['dt_a', undefined]);
    expect(named('Invalidation accepted').sort()).toEqual(['dt_a', undefined]);
    expect(named('Already covered')).toEqual(['dt_a']);
    for (const { distribution } of lines) expect(distribution).toBe('E1SITE');
  });

  test('have ledgers of their own: what one has invalidated covers nothing of another', async () => {
    const { receive } = await start([
      { ...A, path: '' },
      { ...B, path: '' },
    ]);
    const changes = changed('x');
    await receive(changes);
    expect(invalidated()).toEqual(['E1SITE dt_a /x', 'E1SITE dt_b /x']);
    await receive(changes);
    expect(running.cloudFront.calls).toHaveLength(2);
  });

  test('pay for the same path one after the other, too', async () => {
    const { receive } = await start([A, B]);
    for (const folder of ['tenant-a', 'tenant-b']) await receive(changed(`${folder}/x`));
    expect(invalidated()).toEqual(['E1SITE dt_a /x', 'E1SITE dt_b /x']);
  });

  test('have leases and stored ledgers under their own ids', async () => {
    const calls: string[] = [];
    const ledgerStore: LedgerStore = {
      async acquire(id) {
        calls.push(`acquire ${id}`);
        return { kind: 'acquired', ledger: undefined };
      },
      isFree: async () => true,
      release: async (id) => calls.push(`release ${id}`) > 0,
    };
    const { receive } = await start([A, B, ITSELF], {}, {}, undefined, { ledgerStore });
    await receive(changed('tenant-a/x', 'tenant-b/x', 'all/x'));
    expect(calls.sort()).toEqual(
      ['acquire', 'release'].flatMap((call) => ['E1SITE', 'dt_a', 'dt_b'].map((id) => `${call} ${id}`)),
    );
  });

  test('have quotas of their own: what one has no room for goes back, and no other', async () => {
    const { receive, cloudFront } = await start([A, B]);
    cloudFront.fault = ({ tenant }) =>
      tenant === 'dt_a' ? { kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' } : undefined;
    const messages = changed('tenant-a/x~y', 'tenant-b/x');
    const { returned, log } = await receive(messages);
    expect(returned).toEqual([messages[0]?.messageId]);
    expect(invalidated()).toEqual(['E1SITE dt_b /x']);
    expect(log).toContainEqual(
      expect.objectContaining({ message: 'CreateInvalidation failed', distribution: 'E1SITE', tenant: 'dt_a' }),
    );
    expect(log).toContainEqual(expect.objectContaining({ message: 'Waiting', tenant: 'dt_a' }));
  }, 30_000);

  test('have caller references of their own for the same messages and paths', async () => {
    const { receive, cloudFront } = await start([
      { ...A, path: '' },
      { ...B, path: '' },
    ]);
    await receive(changed('x'));
    expect(new Set(cloudFront.calls.map((each) => each.callerReference)).size).toBe(2);
    expect(callerReference(['m'], ['/x'], 0, undefined)).toBe(callerReference(['m'], ['/x']));
  });

  test('are listed each under its own origin path', async () => {
    const prefixes = new Set<string>();
    const keys = Array.from({ length: 30 }, (_, at) => `tenant-a/docs/${at}`);
    const { receive } = await start([A, B], {}, {}, (request, signal) => {
      prefixes.add(request.prefix.split('/')[0] ?? '');
      return listing([...keys, 'tenant-b/docs/0'].sort())(request, signal);
    });
    await receive(changed(...keys));
    expect(invalidated()).toEqual(['E1SITE dt_a /docs/*']);
    expect([...prefixes]).toEqual(['tenant-a']);
  });

  test('share the paths of a day equally', () => {
    const shareOf = (...origins: Origin[]) =>
      readConfiguration({ ORIGINS: JSON.stringify(origins), MAX_PATHS_PER_DAY: '300' }).maxPathsPerDay;
    expect(shareOf(ITSELF, { ...ITSELF, path: '/more' })).toBe(300);
    expect(shareOf(A, B, { ...B, path: '/more' }, ITSELF)).toBe(100);
  });

  test('are invalidated by nobody in a dry run', async () => {
    const { receive, cloudFront } = await start([A], { dryRun: true });
    const { returned, log } = await receive(changed('tenant-a/x'));
    expect(returned).toEqual([]);
    expect(cloudFront.calls).toEqual([]);
    expect(log).toContainEqual(expect.objectContaining({ message: 'Dry run', distribution: 'E1SITE', tenant: 'dt_a' }));
  });
});

test('a tenant that is not there is a configuration error, and holds up no other', async () => {
  const { receive } = await start([A, B], {}, { tenants: { dt_b: 'E1SITE' } });
  const messages = changed('tenant-a/x', 'tenant-b/x');
  const { returned, errors, metrics } = await receive(messages);
  expect(returned).toEqual([messages[0]?.messageId]);
  expect(errors).toContainEqual(
    expect.objectContaining({
      message: 'Message failed',
      cause: 'configuration',
      why: expect.stringContaining('EntityNotFound'),
      distribution: 'E1SITE',
      tenant: 'dt_a',
      keys: ['tenant-a/x'],
    }),
  );
  expect(metrics).toMatchObject({ ConfigurationErrors: [1] });
  expect(invalidated()).toEqual(['E1SITE dt_b /x']);
});

test('EntityNotFound is told from other errors as the SDK has it', () => {
  const $metadata = { httpStatusCode: 404 };
  expect(toApiError(new EntityNotFound({ message: 'The entity was not found.', $metadata }))).toMatchObject({
    kind: 'configuration',
    name: 'EntityNotFound',
  });
});

test('without a tenant everything is as before: calls, references and lines', async () => {
  const { receive, cloudFront } = await start([ITSELF]);
  const { log } = await receive([message('m1', s3Body('all/x'))]);
  const [call] = cloudFront.calls;
  expect(call).not.toHaveProperty('tenant');
  expect(call).toMatchObject({
    distribution: 'E1SITE',
    callerReference: 'm1-31b13d5c453767af030dd3d87678430e',
    paths: ['/x'],
  });
  for (const line of log) expect(line).not.toHaveProperty('tenant');
});

describe('a distribution that serves viewers by its tenants only', () => {
  const PARAMETERS: ShortConfig = {
    origins: { site: `${BUCKET_DOMAIN}/{{tenantName}}`, app: APP_DOMAIN },
    behaviors: { '/api/*': { origin: 'app' } },
    otherwise: { origin: 'site' },
    DefaultRootObject: 'index.html',
    ConnectionMode: 'tenant-only',
  };
  const reading = (
    origins: readonly Origin[],
    config: ShortConfig = PARAMETERS,
    ...rest: [list?: Parameters<typeof startFunction>[2]]
  ) =>
    start(
      origins,
      { indexDocument: undefined, readDistribution: true },
      { configurations: { E1SITE: distributionConfig(config) } },
      ...rest,
    );

  test('tells what it can: behaviors, root object and cache key, behind the stated origin path', async () => {
    const { receive, cloudFront } = await reading([A, B]);
    const { returned, log } = await receive(
      changed('tenant-a/index.html', 'tenant-a/api/x', 'tenant-b/docs/index.html', 'tenant-c/x'),
    );
    expect(returned).toEqual([]);
    expect(invalidated()).toEqual(['E1SITE dt_a /,/index.html', 'E1SITE dt_b /docs/index.html']);
    expect(log.filter(({ message }) => message === 'Distribution disagrees')).toEqual([]);
    expect(cloudFront.reads.filter(({ operation }) => operation === 'GetDistributionConfig')).toHaveLength(1);
  });

  test('keeps what else it caches: a wildcard over a tenant does not reach the application', async () => {
    const keys = Array.from({ length: 40 }, (_, at) => `tenant-a/docs/${at}`);
    const { receive } = await reading([A], PARAMETERS, listing(keys));
    await receive(changed(...keys));
    expect(invalidated()).toEqual(['E1SITE dt_a /docs/*']);
  });

  test.each<[string, string, string | undefined, string[]]>([
    ['a folder more', '/sites/{{tenantName}}/live', '/sites/tenant-a/live', ['E1SITE dt_a /x']],
    ['none at all', '/live', undefined, ['E1SITE dt_a /x']],
  ])('has an origin path with %s', async (_, path, stated, expected) => {
    const folder = (stated ?? path).slice(1);
    const origin = { ...A, path: stated };
    const { receive } = await reading([origin as Origin], {
      ...PARAMETERS,
      origins: { ...PARAMETERS.origins, site: BUCKET_DOMAIN + path },
    });
    const { returned, log } = await receive(changed(`${folder}/x`, 'elsewhere/x'));
    expect(returned).toEqual([]);
    expect(invalidated()).toEqual(expected);
    expect(log.filter(({ level }) => level === 'WARN')).toEqual([]);
  });

  test('has the bucket in a parameter of a domain: it may be ours', async () => {
    const site = '{{bucket}}.s3.eu-central-1.amazonaws.com';
    const { receive } = await reading([A], {
      ...PARAMETERS,
      origins: { app: APP_DOMAIN, site: `${site}/{{tenantName}}` },
    });
    const { log } = await receive(changed('tenant-a/index.html'));
    expect(invalidated()).toEqual(['E1SITE dt_a /,/index.html']);
    expect(log.filter(({ level }) => level === 'WARN')).toEqual([]);
  });

  test('whose origin path no option states fails with the reason: nothing is left stale in silence', async () => {
    const { path: _, ...unstated } = A;
    const { receive, cloudFront } = await reading([unstated, B]);
    const messages = changed('tenant-a/x');
    const { returned, errors } = await receive(messages);
    expect(returned).toEqual([messages[0]?.messageId]);
    expect(errors[0]).toMatchObject({
      cause: 'configuration',
      why:
        'OriginPathUnknown: Distribution E1SITE has the origin path "/{{tenantName}}", with parameters of its tenants: ' +
        'state the option originPath, as tenant dt_a has it',
      tenant: 'dt_a',
    });
    expect(cloudFront.calls).toEqual([]);
  });

  test('that cannot have the stated origin path is told of, and what is stated is invalidated', async () => {
    const { receive } = await reading([{ ...A, path: '/other' }], {
      ...PARAMETERS,
      origins: { ...PARAMETERS.origins, site: `${BUCKET_DOMAIN}/sites/{{tenantName}}` },
    });
    const { log } = await receive(changed('other/x'));
    expect(invalidated()).toEqual(['E1SITE dt_a /x']);
    expect(log).toContainEqual(
      expect.objectContaining({ why: expect.stringContaining('but the option originPath is "/other"') }),
    );
  });

  test('fails origins without a tenant alone, and says to state one', async () => {
    const { receive } = await reading([A, ITSELF]);
    const messages = changed('tenant-a/x', 'all/x');
    const { returned, errors } = await receive([messages[0] as never, messages[1] as never]);
    expect(returned).toEqual(messages.map(({ messageId }) => messageId));
    expect(errors[0]).toMatchObject({
      cause: 'configuration',
      why: expect.stringContaining('state the option tenant'),
    });
    expect(errors[0]).not.toHaveProperty('tenant');
    expect(invalidated()).toEqual(['E1SITE dt_a /x']);
  });
});

test('a tenant of a distribution that serves viewers itself is worth a warning, once', async () => {
  const config = { origins: { site: BUCKET_DOMAIN }, otherwise: { origin: 'site' } };
  const options = { configurations: { E1SITE: distributionConfig(config) } };
  const { receive } = await start([{ ...A, path: '' }], { readDistribution: true }, options);
  const warning = expect.objectContaining({
    message: 'Distribution disagrees',
    why: expect.stringContaining('"dt_a"'),
  });
  expect((await receive(changed('x'))).log).toContainEqual(warning);
  expect((await receive(changed('y'))).log).not.toContainEqual(warning);
});

describe('a request', () => {
  const request = (invalidate: object) => [message('m1', JSON.stringify({ invalidate }))];
  const taking = { requests: true };

  test('may name a tenant', async () => {
    const { receive } = await start([A, B], taking);
    await receive(request({ distribution: 'E1SITE', tenant: 'dt_b', paths: ['/a/*'], tags: ['t'] }));
    expect(invalidated()).toEqual(['E1SITE dt_b #t,/a/*']);
  });

  test('without one is of the distribution itself, where an origin is', async () => {
    const { receive } = await start([A, ITSELF], taking);
    await receive(request({ distribution: 'E1SITE', paths: ['/a'] }));
    expect(invalidated()).toEqual(['E1SITE - /a']);
  });

  test.each<[string, Origin[], object, string]>([
    [
      'no tenant where origins name only some',
      [A, B],
      {},
      'invalidate.tenant must be one of dt_a, dt_b, but it is missing',
    ],
    ['another tenant', [A, ITSELF], { tenant: 'dt_x' }, 'invalidate.tenant must be one of dt_a, but it is "dt_x"'],
    [
      'a tenant where there are none',
      [ITSELF],
      { tenant: 'dt_a' },
      'must be left out: no origin names a tenant, but it is "dt_a"',
    ],
    ['a number', [A], { tenant: 7 }, 'invalidate.tenant must be the id of a distribution tenant'],
    ['a distribution for a tenant', [A], { tenant: 'E1SITE' }, 'but it is "E1SITE"'],
  ])('with %s is malformed, with the reason', async (_, origins, names, why) => {
    const { receive, cloudFront } = await start(origins, taking);
    const { returned, log } = await receive(request({ distribution: 'E1SITE', paths: ['/a'], ...names }));
    expect(returned).toEqual(['m1']);
    expect(log).toContainEqual(expect.objectContaining({ cause: 'malformed', why: expect.stringContaining(why) }));
    expect(cloudFront.calls).toEqual([]);
  });
});

test.each(['E1SITE', 'dt_', 'dt_a-b', 'DT_a', '', 7, null])('ORIGINS with the tenant %j is refused', (tenant) => {
  const ORIGINS = JSON.stringify([{ ...A, tenant }]);
  expect(() => readConfiguration({ ORIGINS })).toThrow('ORIGINS must be');
});

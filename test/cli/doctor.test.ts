import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { diagnose } from '../../cli/doctor/diagnosis';
import { readArguments } from '../../cli/doctor/doctor';
import { examine } from '../../cli/doctor/examine';
import { reportOf } from '../../cli/doctor/report';
import type { Question } from '../../cli/question';
import { type LocalCloudFront, startCloudFront } from '../../local/cloudfront/server';
import { startS3AndSqs } from '../../local/s3-sqs/start';
import { PATIENCE } from '../effort';
import {
  APP_DOMAIN,
  BUCKET_DOMAIN,
  BY_QUERY_STRING,
  CACHING_DISABLED,
  distributionConfig,
  list,
  type ShortConfig,
} from '../lambda/distribution/config';

jest.setTimeout(PATIENCE);

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };
const CLIENT = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const KEYS = [
  'index.html',
  'docs/index.html',
  'docs/a b.html',
  'images/a.jpg',
  'live/index.html',
  'live/x/index.html',
  'static/app.js',
];

let aws: Awaited<ReturnType<typeof startS3AndSqs>>;
let cloudFront: LocalCloudFront;
let s3: S3Client;
let client: CloudFrontClient;

beforeAll(async () => {
  aws = await startS3AndSqs(0, () => {});
  cloudFront = await startCloudFront({ configurations: {} });
  s3 = new S3Client({ ...CLIENT, endpoint: aws.url, forcePathStyle: true });
  client = new CloudFrontClient({ ...CLIENT, endpoint: cloudFront.url });
  for (const Bucket of ['site', 'pics']) await s3.send(new CreateBucketCommand({ Bucket }));
  for (const Key of KEYS) await s3.send(new PutObjectCommand({ Bucket: 'site', Key, Body: Key }));
});

afterAll(async () => {
  s3.destroy();
  client.destroy();
  await cloudFront.close();
  await aws.close();
});

/** What the doctor says of a distribution. */
async function examined(config: ShortConfig | undefined, asked: Partial<Question> = {}) {
  if (config) cloudFront.configurations.E1AAAAAA = distributionConfig(config);
  else delete cloudFront.configurations.E1AAAAAA;
  const question = { bucket: 'site', distribution: 'E1AAAAAA', ...asked };
  const diagnosis = diagnose(question, await examine(question, { cloudFront: client, s3 }));
  return { ...diagnosis, report: reportOf(question, diagnosis), paths: Object.fromEntries(diagnosis.examples) };
}

const NOT_INVALIDATED = expect.stringContaining("Browsers' own caches");
const SITE = { site: BUCKET_DOMAIN };

describe('what the doctor says of', () => {
  test('a plain site', async () => {
    const { stale, options, paths, behaviors, report } = await examined({
      origins: SITE,
      otherwise: { origin: 'site' },
      DefaultRootObject: 'index.html',
    });
    expect([stale, options]).toEqual([[], []]);
    expect(paths).toMatchObject({ 'index.html': ['/index.html', '/'], 'docs/index.html': ['/docs/index.html'] });
    expect(behaviors).toEqual([{ pattern: '/* (default)', origin: BUCKET_DOMAIN, keys: '*', cache: 'path' }]);
    expect(report).toContain('No option is needed: { bucket, distribution } is enough.');
    expect(report).toContain('Nothing would go stale');
  });

  test('a website endpoint', async () => {
    const { stale, paths } = await examined({
      origins: { site: 'site.s3-website-us-east-1.amazonaws.com' },
      otherwise: { origin: 'site' },
    });
    expect(stale).toEqual([]);
    expect(paths).toMatchObject({
      'index.html': ['/index.html', '/'],
      'docs/index.html': ['/docs/index.html', '/docs/', '/docs'],
    });
  });

  test('an application with static files', async () => {
    const { stale, notes, paths, behaviors } = await examined({
      origins: { ...SITE, app: APP_DOMAIN },
      behaviors: { '/static/*': { origin: 'site' }, '/api/*': { origin: 'app', policy: CACHING_DISABLED } },
      otherwise: { origin: 'app', runs: 'viewer-request' },
    });
    expect(stale).toEqual([]);
    expect(paths).toMatchObject({ 'static/app.js': ['/static/app.js'], 'index.html': [] });
    expect(behaviors).toEqual([
      { pattern: '/static/*', origin: BUCKET_DOMAIN, keys: 'static/*', cache: 'path' },
      { pattern: '/api/*', origin: APP_DOMAIN, keys: 'not of this bucket', cache: 'not cached' },
      {
        pattern: '/* (default)',
        origin: APP_DOMAIN,
        keys: 'not of this bucket',
        cache: 'path, a function may rewrite',
      },
    ]);
    expect(notes).toContain('What /* caches of other origins is evicted only when nothing else passes');
  });

  test('two buckets', async () => {
    const config = {
      origins: { ...SITE, pics: 'pics.s3.amazonaws.com' },
      behaviors: { '/images/*': { origin: 'pics' } },
      otherwise: { origin: 'site' },
    };
    const site = await examined(config);
    expect(site.stale).toEqual([]);
    expect(site.behaviors.map(({ keys }) => keys)).toEqual(['not of this bucket', '*']);
    expect(site.paths).toMatchObject({ 'images/a.jpg': [] });
    const pics = await examined(config, { bucket: 'pics' });
    expect(pics.behaviors.map(({ keys }) => keys)).toEqual(['images/*', 'not of this bucket']);
  });

  test('an origin group, with an origin path', async () => {
    const { stale, paths, behaviors } = await examined({
      origins: { site: `${BUCKET_DOMAIN}/live`, spare: 'spare.s3.eu-west-1.amazonaws.com' },
      groups: { both: ['site', 'spare'] },
      otherwise: { origin: 'both', runs: 'viewer-request' },
    });
    expect(stale).toEqual([]);
    expect(paths).toMatchObject({
      'live/index.html': ['/index.html', '/'],
      'live/x/index.html': ['/x/index.html', '/x/', '/x'],
    });
    expect(behaviors).toMatchObject([
      { origin: `${BUCKET_DOMAIN}/live or spare.s3.eu-west-1.amazonaws.com`, keys: 'live/*' },
    ]);
  });

  test('a distribution for tenants only', async () => {
    const { stale, options, report } = await examined({
      origins: SITE,
      otherwise: { origin: 'site' },
      ConnectionMode: 'tenant-only',
    });
    expect(stale).toEqual([expect.stringContaining('serves viewers by its tenants only')]);
    expect(stale[0]).toContain('state the option tenant');
    expect(options).toEqual([expect.stringContaining('tenant: the id (dt_…)')]);
    expect(report).toContain('Something would go stale: see above.');
  });

  test('a tenant, with the origin path that it has in place of a parameter', async () => {
    const config: ShortConfig = {
      origins: { site: `${BUCKET_DOMAIN}/{{name}}` },
      otherwise: { origin: 'site' },
      ConnectionMode: 'tenant-only',
    };
    const unstated = await examined(config, { tenant: 'dt_a' });
    expect(unstated.stale).toEqual([expect.stringContaining('state the option originPath, as tenant dt_a has it')]);
    const { stale, options, paths, behaviors, report } = await examined(config, {
      tenant: 'dt_a',
      originPath: '/live',
    });
    expect(report).toContain('Distribution E1AAAAAA, tenant dt_a, bucket site');
    expect(report).toContain('No further option is needed.');
    expect({ stale, options }).toEqual({ stale: [], options: [] });
    expect(paths['live/x/index.html']).toEqual(['/x/index.html']);
    expect(behaviors).toMatchObject([{ keys: 'live/*' }]);
  });

  test('another bucket', async () => {
    const { stale, options } = await examined({
      origins: { other: 'other.s3.amazonaws.com' },
      otherwise: { origin: 'other' },
    });
    expect(stale).toEqual([expect.stringContaining('No origin of distribution E1AAAAAA is bucket site')]);
    expect(options).toHaveLength(1);
  });

  test('an origin path that is stated otherwise', async () => {
    const config = { origins: { site: `${BUCKET_DOMAIN}/live` }, otherwise: { origin: 'site' } };
    const { stale, notes } = await examined(config, { originPath: '' });
    expect(stale).toEqual([]);
    expect(notes[0]).toContain('has bucket site behind the origin path "/live", but the option originPath is ""');
  });

  test('a cache policy that nobody may read', async () => {
    const config = { origins: SITE, otherwise: { origin: 'site', policy: 'SECRET' } };
    expect((await examined(config)).stale).toEqual([expect.stringContaining("can't be read")]);
    expect((await examined(config)).options).toHaveLength(1);
    expect((await examined(config, { queryStrings: true })).stale).toEqual([]);
  });

  test('copies of an error page', async () => {
    const CustomErrorResponses = list([
      { ErrorCode: 404, ResponseCode: '404', ResponsePagePath: '/404.html', ErrorCachingMinTTL: 300 },
    ]);
    const own = await examined({ origins: SITE, otherwise: { origin: 'site' }, CustomErrorResponses });
    expect([own.stale, own.notes]).toEqual([
      [],
      expect.arrayContaining([expect.stringContaining('Error pages are held')]),
    ]);
    const shared = await examined({
      origins: { ...SITE, app: APP_DOMAIN },
      behaviors: { '/app/*': { origin: 'app' } },
      otherwise: { origin: 'site' },
      CustomErrorResponses,
    });
    expect(shared.stale).toEqual([expect.stringContaining('copies of its error page /404.html for 300 s')]);
  });

  test.each([
    ['query strings', { policy: BY_QUERY_STRING }, { queryStrings: false }, '/docs/a%20b.html?*'],
    ['index documents', { runs: 'viewer-request' }, { indexDocument: '' }, '/docs/'],
  ] as const)('options that leave out %s', async (_, behavior, asked, path) => {
    const config = { origins: SITE, otherwise: { origin: 'site', ...behavior }, DefaultRootObject: 'index.html' };
    expect((await examined(config)).stale).toEqual([]);
    expect((await examined(config, asked)).stale).toEqual([expect.stringContaining(`leave out ${path}`)]);
  });

  test('a disabled staging distribution', async () => {
    const { notes, stale } = await examined({
      origins: SITE,
      otherwise: { origin: 'site' },
      Enabled: false,
      Staging: true,
    });
    expect(notes).toEqual(expect.arrayContaining([expect.stringContaining('is disabled'), NOT_INVALIDATED]));
    expect(stale).toEqual([expect.stringContaining('is a staging distribution')]);
  });

  test('a bucket that is not there', async () => {
    const config = { origins: { site: 'nowhere.s3.amazonaws.com' }, otherwise: { origin: 'site' } };
    const { stale, notes, paths } = await examined(config, { bucket: 'nowhere' });
    expect(stale).toEqual([]);
    expect(notes).toContainEqual(
      expect.stringMatching(/^Bucket nowhere can't be listed, so the examples are made up: NoSuchBucket: /),
    );
    expect(Object.keys(paths)).toContain('docs/index.html');
  });
});

describe('notifications', () => {
  const PLAIN = { origins: SITE, otherwise: { origin: 'site' } };
  const diagnosisOf = (destinations: readonly ['queue' | 'topic' | 'function', string][], eventBridge: boolean) => {
    const read = {
      ...{ behaviors: [], rootObject: '', errorPages: [] },
      ...{ isTenantOnly: false, isEnabled: true, isStaging: false },
    };
    const to = destinations.map(([kind, event]) => ({ kind, arn: `arn:${kind}`, events: [event] }));
    return diagnose(
      { bucket: 'site', distribution: 'E1AAAAAA' },
      { distribution: read, keys: { value: [] }, notifications: { value: { destinations: to, eventBridge } } },
    );
  };

  test('that go to a queue are told', async () => {
    const { QueueArn } = { QueueArn: 'arn:aws:sqs:us-east-1:000000000000:other' };
    const put = new PutBucketNotificationConfigurationCommand({
      Bucket: 'site',
      NotificationConfiguration: { QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'] }] },
    });
    await s3.send(put).catch(() => {});
    const { notes } = await examined(PLAIN);
    expect(notes).toEqual(expect.arrayContaining([expect.stringContaining('EventBridge is off for bucket site')]));
  });

  test('are told once for each destination', () => {
    const { notes } = diagnosisOf(
      [
        ['queue', 's3:ObjectCreated:*'],
        ['queue', 's3:ObjectCreated:*'],
        ['queue', 's3:ObjectRemoved:*'],
        ['topic', 's3:Replication:*'],
        ['function', 's3:ObjectRemoved:Delete'],
      ],
      true,
    );
    expect(notes.filter((each) => each.startsWith('Bucket site '))).toEqual([
      'Bucket site reports s3:ObjectCreated:*, s3:ObjectRemoved:* to queue arn:queue. ' +
        "Unless that is the invalidator's queue, set events to eventbridge",
      'Bucket site reports s3:ObjectRemoved:Delete to function arn:function',
    ]);
  });

  test.each<[string, Parameters<typeof diagnosisOf>, boolean, boolean]>([
    ['to nobody', [[], false], false, false],
    ['to a queue, which may be ours', [[['queue', 's3:ObjectCreated:*']], false], false, false],
    ['to a function', [[['function', 's3:ObjectCreated:Put']], false], true, true],
    ['to a function and EventBridge', [[['function', 's3:ObjectRemoved:*']], true], false, true],
    ['of what changes nothing', [[['topic', 's3:Replication:*']], false], false, false],
  ])('%s', (_, given, isStale, needsEventBridge) => {
    const { stale, options } = diagnosisOf(...given);
    expect(stale.some((each) => each.includes('EventBridge is off'))).toBe(isStale);
    expect(options.includes('events: eventbridge')).toBe(needsEventBridge);
  });
});

describe('the command', () => {
  const run = (...args: string[]) => runWith(CREDENTIALS, ...args);
  const runWith = async (environment: object, ...args: string[]) => {
    const main = join(__dirname, '../../cli/main.ts');
    const node = join(__dirname, '../../node_modules/node/bin/node');
    const { stdout, stderr, code } = await promisify(execFile)(node, ['--import', 'tsx', main, 'doctor', ...args], {
      env: { PATH: process.env.PATH, ...environment },
    }).then(
      (ended) => ({ ...ended, code: 0 }),
      (error: { stdout: string; stderr: string; code: number }) => error,
    );
    return { code, stdout, stderr };
  };

  test('ends with 0 when nothing would go stale, and with 1 when something would', async () => {
    cloudFront.configurations.E1AAAAAA = distributionConfig({ origins: SITE, otherwise: { origin: 'site' } });
    const endpoints = ['--endpoint-url', cloudFront.url, '--s3-endpoint-url', aws.url];
    expect(await run('--bucket', 'site', '--distribution', 'E1AAAAAA', ...endpoints)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Nothing would go stale'),
    });
    expect(await run('--bucket', 'pics', '--distribution', 'E1AAAAAA', ...endpoints)).toMatchObject({
      code: 1,
      stderr: '',
      stdout: expect.stringContaining('No origin of distribution E1AAAAAA is bucket pics'),
    });
  });

  const ASKED = ['--bucket', 'site', '--distribution', 'E123EXAMPLE'];
  const WITHOUT_CREDENTIALS = { HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true' };

  test.each([
    [
      'without credentials',
      WITHOUT_CREDENTIALS,
      () => [],
      /: no credentials\. Set AWS_PROFILE to a profile that has some, or run `aws configure`\.\n$/,
    ],
    [
      'without a network',
      CREDENTIALS,
      () => ['--endpoint-url', 'http://127.0.0.1:9'],
      /: no connection \(.*ECONNREFUSED.*\)\. Check the network, and the URL if you gave one\.\n$/,
    ],
    [
      'of a distribution that is not there',
      CREDENTIALS,
      () => ['--endpoint-url', cloudFront.url],
      /: there is no such distribution in this account \(NoSuchDistribution\)\. Check the id, [^\n]*\.\n$/,
    ],
  ] as const)('says in a line why nothing can be said %s, and ends with 2', async (_, environment, options, why) => {
    const { code, stdout, stderr } = await runWith(environment, ...ASKED, ...options());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Distribution E123EXAMPLE can't be read: [^\n]*\n$/);
    expect(stderr).toMatch(why);
  });

  test('ends with 2 when the command line is wrong', async () => {
    const expected = { code: 2, stdout: '', stderr: expect.stringContaining('--bucket NAME is missing') };
    expect(await run()).toMatchObject(expected);
  });

  test.each([
    [[], '--bucket NAME is missing'],
    [['--bucket', 'site'], '--distribution ID is missing'],
    [
      ['--bucket', 'site', '--distribution', 'E1AAAAAA', '--origin-path', 'live'],
      '--origin-path must begin with a slash',
    ],
    [
      ['--bucket', 'site', '--distribution', 'E1AAAAAA', '--query-strings', 'yes'],
      '--query-strings must be true or false, but it is "yes"',
    ],
    [
      ['--bucket', 'site', '--distribution', 'E1AAAAAA', '--endpoint-url', 'localhost'],
      '--endpoint-url must be a URL that begins with http',
    ],
    [
      ['--bucket', 'site', '--distribution', 'E1AAAAAA', '--tenant', 'a'],
      '--tenant must be the id of a distribution tenant',
    ],
    [['--bukket', 'site'], 'Unknown option --bukket'],
  ])('%j is wrong, and it says why', (args, why) => {
    expect(() => readArguments(args)).toThrow(why);
  });
});

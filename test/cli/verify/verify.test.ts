import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from '../../../cli/verify/arguments';
import { PATIENCE } from '../../effort';
import { command } from '../command';
import { COMPLETION, type Sites, startSites } from './site';

jest.setTimeout(PATIENCE);

const folder = mkdtempSync(join(tmpdir(), 'verify-'));
let sites: Sites;

beforeAll(async () => {
  sites = await startSites();
});

afterAll(async () => {
  await sites.close();
  rmSync(folder, { recursive: true });
});

const asked = ({ bucket, distribution }: { bucket: string; distribution: string }, ...more: string[]) => [
  'verify',
  '--bucket',
  bucket,
  '--distribution',
  distribution,
  ...sites.urls,
  ...more,
];

test('exit code 1 and what is not covered; 0 when everything is, and a line for each stage on stderr', async () => {
  const site = await sites.site();
  await site.put('a.html');
  const before = await command(asked(site, '--since', '1h'));
  expect(before).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^not covered {2}a\.html {2}\/a\.html {2}no invalidation since the change\n\n1 object of bucket .*: 1 not covered\.\n$/,
    ),
    stderr: `Reading the distribution …\nListing ${site.bucket} …\n`,
  });
  sites.later(60_000);
  await site.invalidate('/a.html');
  sites.later(COMPLETION);
  expect(await command(asked(site, '--since', '1h', '--wait', '5m'))).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^completed .*\n\n.*: 1 fresh\.\nEverything is covered by completed invalidations of /,
    ),
    stderr: `Reading the distribution …\nListing ${site.bucket} …\nReading CloudFront's invalidations …\n`,
  });
});

test('keys of a file, and of standard input', async () => {
  const site = await sites.site();
  const file = join(folder, 'keys.txt');
  writeFileSync(file, 'gone.html\nalso gone.html\n');
  const fromFile = await command(asked(site, '--since', '1h', '--keys', file));
  expect(fromFile.code).toBe(1);
  expect(fromFile.stdout).toContain('not covered  gone.html  /gone.html  ');
  expect(fromFile.stdout).toContain('not covered  also gone.html  /also%20gone.html  /also+gone.html  ');
  const fromInput = await command(asked(site, '--since', '1h', '--keys', '-'), 'gone.html\n');
  expect(fromInput.stdout).toContain('not covered  gone.html  ');
  expect(fromInput.stdout).toContain('1 object of bucket');
});

test('exit code 2, and why, when AWS cannot be reached or does not know the distribution', async () => {
  const site = await sites.site();
  const unknown = await command(asked({ ...site, distribution: 'E404AAAA' }, '--since', '1h'));
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toMatch(/^Distribution E404AAAA can't be read: there is no such distribution [^\n]*\.\n$/m);
  const args = [
    'verify',
    '--bucket',
    'a',
    '--distribution',
    'E1AAAAAA',
    '--since',
    '1h',
    '--endpoint-url',
    'http://127.0.0.1:9',
  ];
  const unreachable = await command(args);
  expect(unreachable).toMatchObject({ code: 2, stdout: '' });
  expect(unreachable.stderr).toMatch(/^Distribution E1AAAAAA can't be read: no connection \(.*ECONNREFUSED/m);
});

const NOW = Date.parse('2026-11-23T08:00:00Z');
const COMPLETE = ['--bucket', 'site', '--distribution', 'E1AAAAAA', '--since', '1h'];

test('what the options say', () => {
  const stated = [
    '--origin-path',
    '/live',
    '--index-document',
    'none',
    '--query-strings',
    'true',
    '--prefix',
    'live/docs/',
  ];
  const more = ['--wait', '5m', '--changed-by', '2026-11-23T07:50:00Z', '--exclude', 'a/**', '--exclude', '*.map'];
  expect(readArguments([...COMPLETE, ...stated, ...more, '--endpoint-url', 'http://localhost:1'], NOW)).toEqual({
    bucket: 'site',
    distribution: 'E1AAAAAA',
    since: { ago: 3_600_000 },
    wait: 300_000,
    keys: [],
    changedBy: { at: Date.parse('2026-11-23T07:50:00Z') },
    originPath: '/live',
    indexDocument: '',
    queryStrings: true,
    prefix: 'live/docs/',
    exclude: ['a/**', '*.map'],
    aliases: [],
    cloudFrontUrl: 'http://localhost:1',
    s3Url: 'http://localhost:1',
  });
});

test.each([
  [['--bucket', 'site', '--distribution', 'E1AAAAAA'], '--since TIME is missing.'],
  [['--distribution', 'E1AAAAAA', '--since', '1h'], '--bucket NAME is missing.'],
  [[...COMPLETE, '--since', 'yesterday'], '--since must be a duration, such as 90s, 5m, 1h or 2d, or a time'],
  [
    [...COMPLETE, '--since', '2026-11-23T09:00:00Z'],
    '--since must be a time that has passed, but it is 2026-11-23T09:',
  ],
  [[...COMPLETE, '--changed-by', '2026-11-24'], '--changed-by must be a time that has passed'],
  [[...COMPLETE, '--wait', 'long'], '--wait must be a duration'],
  [[...COMPLETE, '--keys', '/nowhere'], '--keys must be a file with keys, but /nowhere cannot be read: there is no'],
  [
    [...COMPLETE, '--aliases', '/nowhere'],
    '--aliases must be a file with rules, but /nowhere cannot be read: there is no',
  ],
  [[...COMPLETE, '--exclude', '/a'], '--exclude must be a glob of names without a slash'],
  [[...COMPLETE, '--origin-path', 'live'], '--origin-path must begin with a slash'],
  [[...COMPLETE, 'a.html'], 'There is "a.html", which belongs to no option.'],
])('%j is wrong, and it says why', (args, why) => {
  expect(() => readArguments(args, NOW)).toThrow(why);
});

describe('rules of a file', () => {
  const file = join(folder, 'aliases.json');
  const read = (json: string) => {
    writeFileSync(file, json);
    return readArguments([...COMPLETE, '--aliases', file], NOW).aliases;
  };

  test('are those of the option aliases', () => {
    const rules = [
      { pattern: 'i/{name}', tags: ['image:{name}'] },
      { pattern: 'j/{n+}', paths: ['/x-{n}'], tags: ['j'] },
    ];
    expect(read(JSON.stringify(rules))).toEqual([{ ...rules[0], paths: [] }, rules[1]]);
  });

  test.each<[string, string]>([
    ['{', 'must be JSON: '],
    ['{}', 'must be a JSON array of rules'],
    ['["a"]', ': [0] must be an object with a pattern, but it is "a".'],
    ['[{}]', ': [0].pattern must be text, but it is missing.'],
    ['[{"pattern":"/a","tags":["a"]}]', ': [0].pattern must be a name without a slash'],
    ['[{"pattern":"a"}]', ': [0] must have at least one path or tag.'],
    ['[{"pattern":"a","tag":["a"]}]', ': [0] has "tag", but only pattern, paths and tags.'],
    ['[{"pattern":"a","tags":"a"}]', ': [0].tags must be an array, but it is "a".'],
    ['[{"pattern":"a","tags":["#a"]}]', ': [0].tags[0] must have no "#" in front, but it is "#a".'],
    ['[{"pattern":"a","tags":["a",7]}]', ': [0].tags[1] must be text, but it is 7.'],
    ['[{"pattern":"a","paths":["a"]}]', ': [0].paths[0] must begin with a slash'],
  ])('%s is wrong, and it says why', (json, why) => {
    expect(() => read(json)).toThrow(`--aliases ${file}${why.startsWith(':') ? '' : ' '}${why}`);
  });

  test('reach the tags by the command', async () => {
    const site = await sites.site(() => ({ CacheTagConfig: { HeaderName: 'x-amz-meta-cache-tag' } }));
    await site.put('cat.svg');
    writeFileSync(file, '[{"pattern":"{name}.svg","tags":["image:{name}"]}]');
    expect(await command(asked(site, '--since', '1h', '--aliases', file))).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^not covered {2}cat\.svg {2}\/cat\.svg {2}#image:cat {2}no invalidation/),
    });
  });
});

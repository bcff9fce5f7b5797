import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { COMMAND } from '../../scripts/command-bundle';
import { packagesIn, packagesOf } from '../../scripts/licences';
import { faultsIn } from '../../scripts/template/check';
import { PARAMETERS } from '../../scripts/template/parameters';
import { commandsOf } from '../docs/printed-commands';
import { testCommand } from './command';
import { install, type Modules, pack, resolves, synthesizeFromSources, writeApp } from './fresh-app';
import { testLanguages } from './languages';
import { nodes } from './nodes';

jest.setTimeout(180_000);

const PROJECT = join(__dirname, '../..');

const README = readFileSync(join(PROJECT, 'README.md'), 'utf8');
const SNIPPET = README.match(/^```ts\n(import .*?class SiteStack.*?)^```/ms)?.[1] ?? '';

/** The first thing that the README shows. */
const SMALLEST = README.match(/^```ts\n(new CloudFrontInvalidator\(.*?)^```/ms)?.[1] ?? '';

const NODES = nodes();

const directory = mkdtempSync(join(tmpdir(), 'package-'));
let fromSources: unknown;
let tarball: string;

beforeAll(async () => {
  const installed = pack(directory).then((packed) => {
    tarball = packed;
    return install(packed, directory);
  });
  [fromSources] = await Promise.all([synthesizeFromSources(SNIPPET), installed]);
});

afterAll(() => rmSync(directory, { recursive: true }));

test.each<Modules>(['commonjs', 'module'])(
  'in a fresh CDK app, as %s, the README synthesizes to what the sources give',
  async (modules) => {
    const app = writeApp(join(directory, modules), modules, SNIPPET);
    await app.compile();
    const templates = await Promise.all(NODES.map(async ([version, node]) => [version, await app.synth(node)]));
    expect(templates).toEqual(NODES.map(([version]) => [version, fromSources]));
  },
);

test('it names each package that is in its bundles, with its licence', () => {
  const text = readFileSync(
    join(directory, 'node_modules/cloudfront-invalidator/dist/THIRD-PARTY-NOTICES.txt'),
    'utf8',
  );
  const options = { ...COMMAND, write: false, outfile: 'main.js', metafile: true, absWorkingDir: PROJECT } as const;
  const bundled = [packagesIn(join(PROJECT, 'lambda/index.ts')), packagesOf(buildSync(options).metafile)];
  expect(bundled.map((packages) => packages.length > 5)).toEqual([true, true]);
  const names = bundled.flat().map(({ name, version, licence }) => `${name}@${version} (${licence})`);
  expect([...new Set(names)].filter((name) => !text.includes(`${name}\n`))).toEqual([]);
});

test('its types, and those that they rest on, are right, and a bundler finds them too; the first thing shown is in the app', async () => {
  expect(SMALLEST).not.toBe('');
  expect(SNIPPET).toContain(SMALLEST);
  const app = writeApp(join(directory, 'types'), 'commonjs', SNIPPET);
  await app.compile('--noEmit', '--skipLibCheck', 'false', '--lib', 'es2022,esnext.disposable');
  await app.compile('--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler');
});

const NAMED = `
import { ApiErrorCause, ChangeEvents, type InvalidatorAlarms, type InvalidatorAlias, type InvalidatorOrigin } from 'cloudfront-invalidator';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';

const ALIASES: InvalidatorAlias[] = [{ pattern: '{page+}.html', paths: ['/{page}'] }];

export function originsOf(bucket: IBucket, distributions: readonly IDistribution[]): InvalidatorOrigin[] {
  const events = ChangeEvents.EVENTBRIDGE;
  return distributions.map((distribution) => ({ bucket, distribution, events, exclude: ['img/**'], aliases: ALIASES }));
}

export const CAUSES: readonly ApiErrorCause[] = [ApiErrorCause.THROTTLED, ApiErrorCause.CONFIGURATION];
export const nightly = ({ deadLetters, staleness }: InvalidatorAlarms) => [deadLetters, staleness];

export class Others extends Stack {
  constructor(scope: Construct, bucket: IBucket, distributions: readonly IDistribution[]) {
    super(scope, 'Others');
    const invalidator = new CloudFrontInvalidator(this, 'Invalidator', { origins: originsOf(bucket, distributions) });
    for (const cause of CAUSES) invalidator.metricApiErrors(cause);
    if (invalidator.alarms) nightly(invalidator.alarms);
  }
}`;

test('what a user writes down has a name', async () => {
  const app = writeApp(join(directory, 'named'), 'commonjs', `${SNIPPET}${NAMED}`);
  await app.compile('--noEmit', '--skipLibCheck', 'false', '--lib', 'es2022,esnext.disposable');
});

test('in plain JavaScript a misspelt option is one line that names the construct, and what was meant', () => {
  const script = `
    const { App, Stack } = require('aws-cdk-lib');
    const { Bucket } = require('aws-cdk-lib/aws-s3');
    const { Distribution } = require('aws-cdk-lib/aws-cloudfront');
    const { CloudFrontInvalidator } = require('cloudfront-invalidator');
    const stack = new Stack(new App(), 'Site');
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
    const ids = { distributionId: 'E123EXAMPLE', domainName: 'example.com' };
    const distribution = Distribution.fromDistributionAttributes(stack, 'Distribution', ids);
    try {
      new CloudFrontInvalidator(stack, 'Invalidator', { origins: [{ bucket, distribution, originpath: '/site' }] });
    } catch (error) {
      console.log(error.name, error.message, Object.keys(error));
    }`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: directory, encoding: 'utf8' });
  expect(stdout).toBe(
    `OptionError Site/Invalidator: origins[0].originpath must be left out, because there is no such option (did you mean originPath?), but it is "/site" [ 'name' ]\n`,
  );
});

test('nothing is installed beside it, and nothing can bundle', () => {
  const modules = readdirSync(join(directory, 'node_modules')).filter((name) => !name.startsWith('.'));
  // What the README installs.
  const { name, version, dependencies } = JSON.parse(
    readFileSync(join(directory, 'node_modules/cloudfront-invalidator/package.json'), 'utf8'),
  );
  expect(dependencies).toBeUndefined();
  const [, installation = ''] = README.split('## In your own CDK app');
  expect(commandsOf(installation).slice(0, 2)).toEqual(['npm pack', `npm install ../${name}/${name}-${version}.tgz`]);
  expect(modules).toEqual(['@aws-cdk', 'aws-cdk-lib', 'cloudfront-invalidator', 'constructs']);
  expect(resolves('cloudfront-invalidator', directory)).toBe(true);
  expect(resolves('esbuild', directory)).toBe(false);
});

test('the CloudFormation template is in it, and has no fault', () => {
  const file = join(directory, 'node_modules/cloudfront-invalidator/dist/cloudfront-invalidator.template.json');
  const text = readFileSync(file, 'utf8');
  expect(faultsIn(text)).toEqual([]);
  expect(resolves('cloudfront-invalidator/cloudfront-invalidator.template.json', directory)).toBe(true);
  expect(JSON.parse(text).Parameters).toEqual(PARAMETERS);
});

test('npm installs the command', () => {
  const command = join(directory, 'node_modules/.bin/cloudfront-invalidator');
  expect(execFileSync(command, ['--help'], { encoding: 'utf8' })).toContain('cloudfront-invalidator COMMAND --help');
});

describe('the command', () => testCommand(() => tarball));

describe('in other languages', () =>
  testLanguages(() => join(directory, 'node_modules/cloudfront-invalidator'), README));

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testCommand } from './command';
import { install, type Modules, pack, resolves, synthesizeFromSources, writeApp } from './fresh-app';
import { nodes } from './nodes';

jest.setTimeout(180_000);

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
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

test('its types, and those that they rest on, are right, and a bundler finds them too; the first thing shown is in the app', async () => {
  expect(SMALLEST).not.toBe('');
  expect(SNIPPET).toContain(SMALLEST);
  const app = writeApp(join(directory, 'types'), 'commonjs', SNIPPET);
  await app.compile('--noEmit', '--skipLibCheck', 'false', '--lib', 'es2022,esnext.disposable');
  await app.compile('--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler');
});

test('nothing is installed beside it, and nothing can bundle', () => {
  const modules = readdirSync(join(directory, 'node_modules')).filter((name) => !name.startsWith('.'));
  // What the README installs.
  const { name, version, dependencies } = JSON.parse(
    readFileSync(join(directory, 'node_modules/cloudfront-invalidator/package.json'), 'utf8'),
  );
  expect(dependencies).toBeUndefined();
  expect(README).toContain(`npm pack\nnpm install ../${name}/${name}-${version}.tgz\n`);
  expect(modules).toEqual(['@aws-cdk', 'aws-cdk-lib', 'cloudfront-invalidator', 'constructs']);
  expect(resolves('cloudfront-invalidator', directory)).toBe(true);
  expect(resolves('esbuild', directory)).toBe(false);
});

test('npm installs the command', () => {
  const command = join(directory, 'node_modules/.bin/cloudfront-invalidator');
  expect(execFileSync(command, ['--help'], { encoding: 'utf8' })).toContain('cloudfront-invalidator COMMAND --help');
});

describe('the command', () => testCommand(() => tarball));

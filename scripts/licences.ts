import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { BUNDLING } from '../lib/invalidator-function';

/** Licences that ask for no more than to be named, by their SPDX identifiers. */
const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
];

/** A package of which something is in a bundle. */
export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json says; empty when it says nothing. */
  readonly licence: string;
  /** The folder where it is installed. */
  readonly root: string;
}

/** Whether a licence, or one of those to choose from, is permissive. */
export function isPermissive(licence: string): boolean {
  return licence
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((each) => each.split(' AND ').every((part) => PERMISSIVE.includes(part)));
}

/** https://esbuild.github.io/api/#metafile, its paths relative to the project. */
export interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, BundledFile>> }>>;
}

interface BundledFile {
  readonly bytesInOutput: number;
}

/** The packages that are in a bundle, by esbuild's own account: what was shaken off does not count. */
export function packagesOf({ outputs }: Metafile): ShippedPackage[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const files = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  const roots = new Set(files.flatMap((file) => packageRoot(join(PROJECT, file)) ?? []));
  return Array.from(roots, readPackage).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const PROJECT = join(__dirname, '..');

/** The packages that are in a bundle of an entry file, made with the very options that the function is bundled with. */
export function packagesIn(entry: string): ShippedPackage[] {
  const outdir = mkdtempSync(join(tmpdir(), 'licences-'));
  try {
    const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
    new NodejsFunction(new Stack(app, 'Stack'), 'Function', {
      entry,
      projectRoot: PROJECT,
      depsLockFilePath: join(PROJECT, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      bundling: { ...BUNDLING, metafile: true },
    });
    app.synth();
    const asset = readdirSync(outdir).find((name) => name.startsWith('asset.')) ?? '';
    return packagesOf(JSON.parse(readFileSync(join(outdir, asset, 'index.meta.json'), 'utf8')));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The folder of the package that a file is of; nothing for files of our own. */
function packageRoot(file: string): string | undefined {
  const [root] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/.@][^/]*(?=\/)/.exec(file) ?? [];
  return root;
}

function readPackage(root: string): ShippedPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { name, version, licence: typeof license === 'string' ? license : '', root };
}

/** `npm run licences`: lists what ships in the function's bundle. Exit code 1: something in it may not, or does not say. */
if (require.main === module) {
  const packages = packagesIn(process.argv[2] ?? join(PROJECT, 'lambda/index.ts'));
  for (const { name, version, licence } of packages) console.log(`${name}@${version}  ${licence || 'no licence'}`);
  const others = packages.filter(({ licence }) => !isPermissive(licence));
  for (const { name, licence } of others)
    console.error(`${name}: ${licence || 'no licence'} is not a permissive licence.`);
  process.exitCode = others.length === 0 ? 0 : 1;
}

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

/** A package of which something is in the function's bundle. */
export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json says; empty when it says nothing. */
  readonly licence: string;
}

/** Whether a licence, or one of those to choose from, is permissive. */
export function isPermissive(licence: string): boolean {
  return licence
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((each) => each.split(' AND ').every((part) => PERMISSIVE.includes(part)));
}

/** The packages that are in a bundle of an entry file, made as the function's is. */
export function packagesIn(entry: string): ShippedPackage[] {
  const roots = new Set(filesIn(entry).flatMap((file) => packageRoot(join(PROJECT, file)) ?? []));
  return Array.from(roots, readPackage).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const PROJECT = join(__dirname, '..');

/** By esbuild's own account, with the very options that the function is bundled with: what was shaken off does not count. */
function filesIn(entry: string): string[] {
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
    const { outputs }: Metafile = JSON.parse(readFileSync(join(outdir, asset, 'index.meta.json'), 'utf8'));
    const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
    return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** https://esbuild.github.io/api/#metafile */
interface Metafile {
  readonly outputs: Record<string, { readonly inputs: Record<string, { readonly bytesInOutput: number }> }>;
}

/** The folder of the package that a file is of; nothing for files of our own. */
function packageRoot(file: string): string | undefined {
  const [root] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/.@][^/]*(?=\/)/.exec(file) ?? [];
  return root;
}

function readPackage(root: string): ShippedPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { name, version, licence: typeof license === 'string' ? license : '' };
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

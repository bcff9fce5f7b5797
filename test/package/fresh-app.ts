import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PROJECT = join(__dirname, '../..');
const MODULES = join(PROJECT, 'node_modules');
/** The feature flags of a new app. */
const FLAGS = JSON.stringify(readJson(join(PROJECT, 'cdk.json')).context);
/** Without CDK's validation of templates, which takes four times as long as all the rest. */
const SYNTH = { CDK_CONTEXT_JSON: FLAGS, CDK_VALIDATION: 'false' };

/** How an app's modules are loaded. */
export type Modules = 'commonjs' | 'module';

/** What `npm pack` makes, in a folder. */
export async function pack(directory: string): Promise<string> {
  await run('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: PROJECT });
  const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error('npm pack made nothing');
  return join(directory, tarball);
}

/**
 * A folder outside of the project where npm has installed the tarball. What npm would fetch besides, CDK and its like,
 * is copied from the project and locked, so that no network is needed. There is no bundler in it, and no compiler.
 */
export async function install(tarball: string, directory: string): Promise<void> {
  const { name, version, bin, dependencies: own, peerDependencies } = readJson(join(PROJECT, 'package.json'));
  const { packages } = readJson(join(PROJECT, 'package-lock.json'));
  const locked = Object.entries<object>(packages).filter(([path]) => FETCHED.some((each) => path.startsWith(each)));
  const versionOf = (peer: string) => packages[`node_modules/${peer}`].version;
  const resolved = `file:${tarball}`;
  const app = {
    name: 'fresh-app',
    version: '0.1.0',
    dependencies: { 'aws-cdk-lib': versionOf('aws-cdk-lib'), constructs: versionOf('constructs'), [name]: resolved },
  };
  const lock = {
    ...app,
    lockfileVersion: 3,
    packages: {
      '': app,
      ...Object.fromEntries(locked.map(([path, each]) => [path, { ...each, dev: undefined }])),
      [`node_modules/${name}`]: { version, resolved, bin, dependencies: own, peerDependencies },
    },
  };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(app));
  writeFileSync(join(directory, 'package-lock.json'), JSON.stringify(lock));
  for (const each of FETCHED) cpSync(join(PROJECT, each), join(directory, each), { recursive: true });
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund'], { cwd: directory });
}

/** The peers, and what they depend on. */
const FETCHED = ['node_modules/aws-cdk-lib', 'node_modules/constructs', 'node_modules/@aws-cdk'];

/** An app with a `SiteStack`, in the shape of `cdk init app --language typescript` (aws-cdk 2.1148). */
export function writeApp(directory: string, modules: Modules, stack: string) {
  const extension = modules === 'module' ? '.js' : '';
  const files = {
    'package.json': JSON.stringify({ type: modules }),
    'tsconfig.json': JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['bin', 'lib'] }),
    'lib/site-stack.ts': stack,
    'bin/app.ts': `
      import * as cdk from 'aws-cdk-lib/core';
      import { SiteStack } from '../lib/site-stack${extension}';
      new SiteStack(new cdk.App(), 'Site');`,
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return {
    /** @throws what the compiler complains of */
    async compile(...options: string[]) {
      await run(join(MODULES, '.bin/tsc'), options, { cwd: directory }).catch(({ stdout }) => {
        throw new Error(stdout);
      });
    },
    /** Runs the compiled app as `cdk synth` does, with nothing but Node on the path. */
    async synth(node: string) {
      const output = mkdtempSync(join(directory, 'cdk.out-'));
      const env = { ...SYNTH, PATH: dirname(node), CDK_OUTDIR: output };
      await run(node, ['out/bin/app.js'], { cwd: directory, env });
      return readJson(join(output, 'Site.template.json'));
    },
  };
}

/** Those of a new app, but that they write JavaScript. */
const COMPILER_OPTIONS = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  lib: ['es2022'],
  strict: true,
  skipLibCheck: true,
  types: [],
  outDir: 'out',
};

/** The template of the same app when the construct comes from the sources, and CDK bundles the function. */
export async function synthesizeFromSources(stack: string) {
  const directory = mkdtempSync(join(MODULES, '.site-stack-'));
  // As deep in the project as `cdk.out`, so that the bundle is the same.
  const output = mkdtempSync(join(PROJECT, 'cdk.out-'));
  try {
    const app = `${stack.replace("'cloudfront-invalidator'", "'../../lib'")}
      import { App } from 'aws-cdk-lib';
      new SiteStack(new App(), 'Site');`;
    writeFileSync(join(directory, 'app.ts'), app);
    const env = { ...process.env, ...SYNTH, CDK_OUTDIR: output };
    await run(join(MODULES, '.bin/tsx'), [join(directory, 'app.ts')], { env });
    return readJson(join(output, 'Site.template.json'));
  } finally {
    rmSync(directory, { recursive: true });
    rmSync(output, { recursive: true });
  }
}

/** Whether a module can be loaded from a folder. */
export function resolves(name: string, directory: string): boolean {
  return spawnSync(process.execPath, ['-p', `require.resolve('${name}')`], { cwd: directory }).status === 0;
}

function readJson(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

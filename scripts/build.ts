import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { buildSync } from 'esbuild';
import { BUNDLE, InvalidatorFunction } from '../lib/invalidator-function';
import { bin } from '../package.json';
import { COMMAND } from './command-bundle';
import { packagesIn, packagesOf } from './licences';
import { NOTICES, notices } from './notices';

const PROJECT = join(__dirname, '..');
const DIST = join(PROJECT, 'dist');

/**
 * Makes the package: the construct as JavaScript with its types, the function's bundle beside it, the command, and the notices
 * of what is in both. CDK itself bundles the function, so that the package's is the one that `cdk deploy` deploys from the sources.
 */
function build(): void {
  rmSync(DIST, { recursive: true, force: true });
  execFileSync('tsc', ['--project', 'tsconfig.build.json'], { cwd: PROJECT, stdio: 'inherit' });
  const outfile = join(PROJECT, bin['cloudfront-invalidator']);
  const { metafile } = buildSync({ ...COMMAND, outfile, metafile: true, absWorkingDir: PROJECT });
  // As deep in the project as `cdk.out`: the source map names the sources relative to where the bundle is made.
  const assembly = mkdtempSync(join(PROJECT, 'cdk.out-'));
  try {
    const app = new App({ outdir: assembly, analyticsReporting: false });
    const stack = new Stack(app, 'Stack');
    // CDK bundles as soon as the construct is made.
    new InvalidatorFunction(stack, 'Function', {
      role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
      logGroup: new LogGroup(stack, 'Logs'),
      timeout: Duration.seconds(30),
      environment: {},
    });
    const asset = readdirSync(assembly).find((name) => name.startsWith('asset.'));
    if (!asset) throw new Error('CDK made no bundle.');
    cpSync(join(assembly, asset), join(DIST, BUNDLE), { recursive: true });
    // Beside the function's folder and not in it: in there it would change what is deployed.
    const bundled = [packagesIn(join(PROJECT, 'lambda/index.ts')), packagesOf(metafile)];
    writeFileSync(join(DIST, NOTICES), notices(bundled.flat()));
  } finally {
    rmSync(assembly, { recursive: true });
  }
}

build();

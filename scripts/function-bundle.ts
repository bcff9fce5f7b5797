import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { InvalidatorFunction } from '../lib/invalidator-function';

const PROJECT = join(__dirname, '..');

/**
 * Bundles the function as CDK does, so that the package's bundle is the one that `cdk deploy` deploys from the sources.
 *
 * @param use takes the folder of the bundle, which is gone afterwards
 */
export function withFunctionBundle<T>(use: (folder: string) => T): T {
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
    return use(join(assembly, asset));
  } finally {
    rmSync(assembly, { recursive: true });
  }
}

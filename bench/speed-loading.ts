import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { ORIGINS } from '../lambda/contract/environment';
import { BUNDLING, InvalidatorFunction } from '../lib/invalidator-function';

const RUNS = 21;

/** How long the function's bundle takes to load in a new process, next to one that only imports the two clients of the SDK. */
export function measureLoading(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bundles-'));
  try {
    const bundles = bundlesIn(directory);
    const times = bundles.map(() => [] as number[]);
    for (let run = 0; run < RUNS; run++) {
      for (const [at, bundle] of bundles.entries()) times[at]?.push(loadingTime(bundle));
    }
    const [ours, floor] = times.map((all) => all.sort((a, b) => a - b)[RUNS >>> 1] as number) as [number, number];
    return (
      `The bundle loads in ${ours.toFixed(0)} ms (median of ${RUNS}), ${(ours / floor).toFixed(2)} times the ${floor.toFixed(0)} ms of` +
      ' a bundle that only imports the two clients of the SDK.'
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** In a new process, as Lambda starts it. */
function loadingTime(bundle: string): number {
  const script =
    'const t = performance.now(); require(process.argv[1]); console.log(performance.now() - t); process.exit()';
  const origins = JSON.stringify([{ bucket: 'site', distribution: 'E1', path: '' }]);
  const env = { PATH: process.env.PATH, AWS_REGION: 'us-east-1', [ORIGINS]: origins };
  return Number(execFileSync('node', ['--enable-source-maps', '-e', script, bundle], { env, encoding: 'utf8' }));
}

/** The function's bundle and the floor's, by the same options. */
function bundlesIn(directory: string): string[] {
  const ours = bundled(join(directory, 'ours'), (stack) => {
    new InvalidatorFunction(stack, 'Function', propsIn(stack));
  });
  const floor = bundled(join(directory, 'floor'), (stack) => {
    new NodejsFunction(stack, 'Function', {
      entry: join(__dirname, 'floor.ts'),
      depsLockFilePath: join(__dirname, '../package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      bundling: BUNDLING,
    });
  });
  return [ours, floor];
}

function bundled(outdir: string, add: (stack: Stack) => void): string {
  const app = new App({ outdir });
  add(new Stack(app, 'Stack'));
  app.synth();
  const asset = readdirSync(outdir).find((name) => name.startsWith('asset.'));
  if (!asset) throw new Error('CDK made no bundle');
  return join(outdir, asset, 'index.js');
}

function propsIn(stack: Stack): ConstructorParameters<typeof InvalidatorFunction>[2] {
  return {
    role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
    logGroup: new LogGroup(stack, 'Logs'),
    timeout: Duration.seconds(60),
    environment: {},
  };
}

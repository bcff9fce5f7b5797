import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  NodejsFunction,
  type NodejsFunctionProps,
  OutputFormat,
  SourceMapMode,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

interface InvalidatorFunctionProps extends Pick<NodejsFunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups'> {
  readonly role: IRole;
  readonly logGroup: ILogGroup;
  readonly timeout: Duration;
  readonly environment: Record<string, string>;
}

/** The project, or what `npm run build` makes of it. */
const ROOT = join(__dirname, '..');

/** Where a build puts the bundle. The sources have none, so that what runs from them is never an older bundle. */
export const BUNDLE = 'function';

/** How the function is bundled. */
export const BUNDLING: BundlingOptions = {
  // The SDK that we tested is the SDK that runs; ES modules of it, so that esbuild can shake it.
  bundleAwsSDK: true,
  mainFields: ['module', 'main'],
  format: OutputFormat.CJS,
  target: 'node24',
  minify: true,
  sourceMap: true,
  sourceMapMode: SourceMapMode.DEFAULT,
  sourcesContent: false,
};

/** How the function is bundled and run; what it does is in `lambda/`. */
export class InvalidatorFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: InvalidatorFunctionProps) {
    super(scope, id, {
      ...props,
      description: 'Invalidates in CloudFront what changes in S3',
      ...code(),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // Chosen from what it does with its CPU: docs/decisions/memory-size.md
      memorySize: 1024,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
    });
  }
}

/** The package brings the bundle, so that its users need no bundler; from the sources CDK makes it. */
function code(): NodejsFunctionProps {
  const bundle = join(ROOT, BUNDLE);
  if (existsSync(bundle)) return { code: Code.fromAsset(bundle), handler: 'index.handler' };
  return {
    entry: join(ROOT, 'lambda', 'index.ts'),
    projectRoot: ROOT,
    depsLockFilePath: join(ROOT, 'package-lock.json'),
    bundling: BUNDLING,
  };
}

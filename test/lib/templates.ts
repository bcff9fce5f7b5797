import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Distribution, type IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import { makeApp } from '../../lib/app/app';

/** The feature flags that `cdk` synthesizes with, without what somebody's clone is attached to. */
const {
  bucketName: _,
  distributionId: __,
  ...flags
} = JSON.parse(readFileSync(join(__dirname, '../../cdk.json'), 'utf8')).context;

// CDK's validation of templates takes most of the time of a synthesis; test/bin has it.
process.env.CDK_VALIDATION = 'false';

/** The stack of `cdk synth -c …`; the function is not bundled, which only the pipeline needs. */
export function stackOf(context: Record<string, string> = {}): Stack {
  return makeApp({ context: { ...flags, ...context, [BUNDLING_STACKS]: [] } }).stack;
}

/** What `cdk synth -c …` gives. */
export function synthesized(context: Record<string, string> = {}): Template {
  return Template.fromStack(stackOf(context));
}

/** An app with the same flags, but references between its stacks as of apps that do not set that flag. */
export function emptyApp(context: Record<string, unknown> = {}): App {
  const references = { '@aws-cdk/core:defaultCrossStackReferences': 'strong' };
  return new App({ context: { ...flags, ...references, [BUNDLING_STACKS]: [], ...context } });
}

/** A stack for constructs of a test. */
export function emptyStack(props?: StackProps): Stack {
  return new Stack(emptyApp(), 'Test', props);
}

/** A distribution that is there already. */
export function existingDistribution(scope: Construct, distributionId: string, id = distributionId): IDistribution {
  return Distribution.fromDistributionAttributes(scope, id, { distributionId, domainName: 'example.com' });
}

/** The properties of the only resource of a type that match. */
export function only(template: Template, type: string, matching: object = {}): Record<string, unknown> {
  const found = Object.values(template.findResources(type, { Properties: Match.objectLike(matching) }));
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type} match, not one`);
  return found[0]?.Properties;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { makeApp } from '../../lib/app';

/** The feature flags that `cdk` synthesizes with. */
const { context: flags } = JSON.parse(readFileSync(join(__dirname, '../../cdk.json'), 'utf8'));

/** The stack of `cdk synth -c …`; the function is not bundled, which only the pipeline needs. */
export function stackOf(context: Record<string, string> = {}): Stack {
  return makeApp({ context: { ...flags, ...context, [BUNDLING_STACKS]: [] } }).stack;
}

/** What `cdk synth -c …` gives. */
export function synthesized(context: Record<string, string> = {}): Template {
  return Template.fromStack(stackOf(context));
}

/** A stack for constructs of a test, in an app with the same flags. */
export function emptyStack(): Stack {
  return new Stack(new App({ context: { ...flags, [BUNDLING_STACKS]: [] } }), 'Test');
}

/** The properties of the only resource of a type that match. */
export function only(template: Template, type: string, matching: object = {}): Record<string, unknown> {
  const found = Object.values(template.findResources(type, { Properties: Match.objectLike(matching) }));
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type} match, not one`);
  return found[0]?.Properties;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Annotations,
  App,
  CfnOutput,
  CfnParameter,
  type CfnParameterProps,
  DefaultStackSynthesizer,
  Duration,
  Stack,
} from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { DOLLARS_PER_PATH } from '../../lambda/contract/pricing';
import type { ChangeEvents } from '../../lib/change-events';
import { CloudFrontInvalidator } from '../../lib/cloudfront-invalidator';
import type { CloudFrontInvalidatorProps, InvalidatorOrigin } from '../../lib/props';
import type { Fragments } from './fragment';
import { PARAMETERS } from './parameters';

/** Options that decide which resources there are, and of what form: the construct has to know them. */
export interface Choice {
  readonly events: ChangeEvents;
  /** Whether only keys with a prefix are watched. */
  readonly isConfined: boolean;
  readonly requests: boolean;
  readonly monitoring: boolean;
  readonly dryRun: boolean;
  readonly inspectBucket: boolean;
  readonly readDistribution: boolean;
  readonly hasAlarmTopic: boolean;
  readonly hasMaxPathsPerDay: boolean;
  readonly indexDocument: 'as the distribution says' | 'none' | 'stated';
  /** Seconds. */
  readonly maxBatchingWindow: number;
  /** All overrides of the origin, for the text that tells the function of them. */
  readonly overrides: boolean;
}

/** What stands for values that the construct takes only when they are known, and for the name of the stack. */
export const STAND_INS = {
  stackName: 'Any-Stack',
  prefix: 'THE-PREFIX/',
  originPath: '/THE-ORIGIN-PATH',
  viewerPrefix: '/THE-VIEWER-PREFIX',
  exclude: 'THE-GLOBS',
  refetchesPerPath: 123456.789,
  maxPathsPerDay: 987_654_321,
  pathsPerDayBudget: 876_543_210,
} as const;

/** What the construct says that the budget costs. */
export const COST_OF_BUDGET = `$${(STAND_INS.pathsPerDayBudget * DOLLARS_PER_PATH).toFixed(2)}`;

/** A template of CDK's, as far as it is used. */
export interface Synthesized {
  readonly Resources: Readonly<Record<string, Fragments>>;
  readonly Outputs: Readonly<Record<string, Fragments>>;
}

// Of every variant it would take most of the time; cfn-lint, and a check of our own, look at the whole.
process.env.CDK_VALIDATION = 'false';

/** Flags of `cdk.json`, as `cdk deploy` has them. */
const { context: flags } = JSON.parse(readFileSync(join(__dirname, '../../cdk.json'), 'utf8'));

/** A stack with the construct and nothing else, attached to a bucket and a distribution that exist. */
export function synthesize(choice: Choice): Synthesized {
  const { stackName, prefix, originPath, viewerPrefix, exclude, ...numbers } = STAND_INS;
  return withConstruct(stackName, (parameter, stack) => {
    const overrides: Partial<InvalidatorOrigin> = {
      originPath,
      viewerPrefix,
      prefix: `${originPath.slice(1)}/${prefix}`,
      exclude: [exclude],
      queryStrings: true,
    };
    const { events, isConfined, hasAlarmTopic, hasMaxPathsPerDay, indexDocument, maxBatchingWindow, ...others } =
      choice;
    const { requests, monitoring, dryRun, inspectBucket, readDistribution } = others;
    return {
      origins: [
        {
          bucket: Bucket.fromBucketName(stack, 'Bucket', parameter('BucketName').valueAsString),
          distribution: existing(stack, parameter('DistributionId').valueAsString),
          events,
          ...(isConfined && { prefix }),
          ...(choice.overrides && overrides),
        },
      ],
      ...{ requests, monitoring, dryRun, inspectBucket, readDistribution },
      maxBatchingWindow: Duration.seconds(maxBatchingWindow),
      refetchesPerPath: numbers.refetchesPerPath,
      logRetention: parameter('LogRetention').valueAsNumber as RetentionDays,
      ...(hasMaxPathsPerDay && { maxPathsPerDay: numbers.maxPathsPerDay }),
      ...(indexDocument !== 'as the distribution says' && {
        indexDocument: indexDocument === 'none' ? 'none' : parameter('IndexDocument').valueAsString,
      }),
      ...(monitoring && { pathsPerDayBudget: numbers.pathsPerDayBudget }),
      ...(monitoring &&
        hasAlarmTopic && {
          alarmTopic: Topic.fromTopicArn(stack, 'AlarmTopic', parameter('AlarmTopicArn').valueAsString),
        }),
    };
  });
}

/** What `synthesize` and the tests have in common: no assets, no bundling, no rule of a bootstrap. */
export function withConstruct(
  stackName: string,
  propsOf: (parameter: (name: string) => CfnParameter, stack: Stack) => CloudFrontInvalidatorProps,
): Synthesized {
  const app = new App({ context: { ...flags, [BUNDLING_STACKS]: [] }, analyticsReporting: false });
  const synthesizer = new DefaultStackSynthesizer({ generateBootstrapVersionRule: false });
  const stack = new Stack(app, stackName, { synthesizer });
  const parameter = (name: string) => new CfnParameter(stack, name, parameterProps(name));
  const invalidator = new CloudFrontInvalidator(stack, 'Invalidator', propsOf(parameter, stack));
  // The parameter says it.
  Annotations.of(invalidator).acknowledgeWarning('cloudfront-invalidator:eventBridge');
  const output = (name: string, value: string, description: string) =>
    new CfnOutput(stack, name, { value, description });
  output('QueueUrl', invalidator.queue.queueUrl, 'Queue of the notifications');
  output('QueueArn', invalidator.queue.queueArn, 'The same, for policies of those that send requests');
  output('DeadLetterQueueUrl', invalidator.deadLetterQueue.queueUrl, 'What could not be invalidated at all');
  const { undeliveredEvents } = invalidator;
  if (undeliveredEvents) output('UndeliveredEventsUrl', undeliveredEvents.queueUrl, 'What EventBridge gave up');
  output('LogGroupName', invalidator.logGroup.logGroupName, "The function's log");
  output('FunctionName', invalidator.function.functionName, 'The function');
  return app.synth({ validateOnSynthesis: false }).getStackArtifact(stack.artifactId).template;
}

export function existing(stack: Stack, distributionId: string) {
  // CDK asks for the domain; nothing here uses it.
  return Distribution.fromDistributionAttributes(stack, 'Distribution', { distributionId, domainName: 'example.com' });
}

function parameterProps(name: string): CfnParameterProps {
  return { type: PARAMETERS[name]?.Type };
}

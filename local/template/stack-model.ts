import { busNameOf } from '../eventbridge/bus-name';
import type { EventPattern } from '../eventbridge/pattern';
import { grantsListing, type PolicyStatement } from '../s3-sqs/refusals.mts';
import { type CloudFrontModel, readCloudFront } from './cloudfront-model';
import type { Resource, Template } from './intrinsics';
import { intrinsics } from './intrinsics';
import { physicalNames, pseudoParameters } from './physical-names';

/** What of a stack runs on this machine, every name and number in it as the template says. */
export interface StackModel extends CloudFrontModel {
  readonly buckets: readonly string[];
  /** Those whose policies let CloudFront, or everybody, list them: there viewers are told that an object is absent. */
  readonly listableBuckets: readonly string[];
  readonly queues: readonly QueueModel[];
  readonly tables: readonly TableModel[];
  readonly functions: readonly FunctionModel[];
  readonly eventSources: readonly EventSourceModel[];
  readonly notifications: readonly NotificationsModel[];
  readonly rules: readonly RuleModel[];
}

export interface QueueModel {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** As SQS's CreateQueue takes them. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TableModel {
  readonly name: string;
  /** As DynamoDB's CreateTable takes it, without the name. */
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface FunctionModel {
  readonly name: string;
  readonly arn: string;
  /** Name of the asset, a folder of the cloud assembly. */
  readonly asset: string;
  /** Where the template has it: the one module of the asset, which is not there yet. */
  readonly inlineCode?: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
  /** MB. */
  readonly memorySize: number;
  readonly runtime: string;
  readonly logGroup: string;
  readonly logFormat: string;
  readonly logLevel?: string;
}

export interface EventSourceModel {
  readonly queueArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  /** Seconds. */
  readonly maxBatchingWindow: number;
  readonly maximumConcurrency: number;
  readonly reportBatchItemFailures: boolean;
}

export interface NotificationsModel {
  readonly bucket: string;
  /** As S3's PutBucketNotificationConfiguration takes it. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** A rule of EventBridge. */
export interface RuleModel {
  /** Name of the bus. */
  readonly bus: string;
  readonly pattern: EventPattern;
  /** Of queues. */
  readonly targetArns: readonly string[];
}

/**
 * Reads what runs locally out of a synthesized template.
 *
 * @param sqsUrl where SQS is, for the URLs of the queues
 * @throws an Error that names what the local run can not resolve
 */
export function readStack(template: Template, stackName: string, sqsUrl: string): StackModel {
  const attribute = physicalNames(sqsUrl);
  const resolve = intrinsics(template, pseudoParameters(stackName), attribute);

  const exists = ({ Condition }: Resource) => Condition === undefined || resolve({ Condition }) === true;
  const ofType = (type: string) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type && exists(resource))
      .map(([id, resource]) => ({
        id,
        resource,
        attribute: (name?: string) => attribute(id, resource, name) ?? '',
        /** One property, resolved; the others may hold what nothing here needs to know. */
        get: <T>(...path: (string | number)[]) => resolve(at(resource.Properties, path)) as T | undefined,
      }));

  const rules = ofType('AWS::Events::Rule').map(({ get }) => ({
    bus: busNameOf(get<string>('EventBusName')),
    pattern: get<EventPattern>('EventPattern') ?? {},
    targetArns: get<{ Arn: string }[]>('Targets')?.map(({ Arn }) => Arn) ?? [],
  }));
  const configured = ofType('Custom::S3BucketNotifications').map(({ get }) => ({
    bucket: get<string>('BucketName') ?? '',
    configuration: get<Record<string, unknown>>('NotificationConfiguration') ?? {},
  }));
  // The buckets that only rules name exist already, with EventBridge switched on, as the README says.
  const notifications = [
    ...configured,
    ...rules
      .flatMap(({ pattern }) => bucketsOf(pattern))
      .filter((bucket) => configured.every((each) => each.bucket !== bucket))
      .map((bucket) => ({ bucket, configuration: { EventBridgeConfiguration: {} } })),
  ];
  const buckets = new Set([
    ...ofType('AWS::S3::Bucket').map((bucket) => bucket.attribute()),
    ...notifications.map((each) => each.bucket),
  ]);
  return {
    buckets: [...buckets],
    // Of the statements, only what is never a reference.
    listableBuckets: ofType('AWS::S3::BucketPolicy')
      .filter(({ resource }) => statementsOf(resource.Properties?.PolicyDocument).some(grantsListing))
      .map(({ get }) => get<string>('Bucket') ?? ''),
    notifications,
    rules,
    queues: ofType('AWS::SQS::Queue').map(({ resource, attribute, get }) => ({
      name: attribute('QueueName'),
      arn: attribute('Arn'),
      url: attribute(),
      attributes: Object.fromEntries(
        Object.keys(resource.Properties ?? {})
          .filter((name) => QUEUE_ATTRIBUTES.has(name))
          .map((name) => [name, attributeText(get(name))]),
      ),
    })),
    tables: ofType('AWS::DynamoDB::Table').map(({ resource, attribute, get }) => ({
      name: attribute(),
      definition: Object.fromEntries(
        Object.keys(resource.Properties ?? {})
          .filter((name) => TABLE_PROPERTIES.has(name))
          .map((name) => [name, get(name)]),
      ),
    })),
    functions: ofType('AWS::Lambda::Function')
      // Those of CDK's custom resources are in Python, or have no asset.
      .filter(({ resource, get }) => assetOf(resource) !== undefined || isNode(get('Runtime')))
      .map(({ resource, attribute, get }) => {
        const logging = get<Record<string, string>>('LoggingConfig') ?? {};
        return {
          name: attribute(),
          arn: attribute('Arn'),
          asset: assetOf(resource) ?? `code.${attribute()}`,
          ...(assetOf(resource) === undefined && { inlineCode: get<string>('Code', 'ZipFile') ?? '' }),
          handler: get<string>('Handler') ?? '',
          environment: get<Record<string, string>>('Environment', 'Variables') ?? {},
          timeout: get<number>('Timeout') ?? 3,
          memorySize: get<number>('MemorySize') ?? 128,
          runtime: get<string>('Runtime') ?? '',
          logGroup: logging.LogGroup ?? `/aws/lambda/${attribute()}`,
          logFormat: logging.LogFormat ?? 'Text',
          logLevel: logging.ApplicationLogLevel,
        };
      }),
    eventSources: ofType('AWS::Lambda::EventSourceMapping').map(({ get }) => ({
      queueArn: get<string>('EventSourceArn') ?? '',
      functionName: get<string>('FunctionName') ?? '',
      batchSize: get<number>('BatchSize') ?? 10,
      maxBatchingWindow: get<number>('MaximumBatchingWindowInSeconds') ?? 0,
      maximumConcurrency: get<number>('ScalingConfig', 'MaximumConcurrency') ?? 1_000,
      reportBatchItemFailures: get<string[]>('FunctionResponseTypes')?.includes('ReportBatchItemFailures') ?? false,
    })),
    ...readCloudFront(ofType),
  };
}

function assetOf({ Metadata }: Resource): string | undefined {
  const path = Metadata?.['aws:asset:path'];
  return typeof path === 'string' ? path : undefined;
}

function isNode(runtime: unknown): boolean {
  return String(runtime).startsWith('nodejs');
}

function statementsOf(policy: unknown): PolicyStatement[] {
  const { Statement = [] } = (policy ?? {}) as { Statement?: PolicyStatement | PolicyStatement[] };
  return [Statement].flat();
}

function bucketsOf(pattern: EventPattern): string[] {
  const names = at(pattern, ['detail', 'bucket', 'name']);
  return Array.isArray(names) ? names : [];
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((each, name) => (each as Record<string | number, unknown> | undefined)?.[name], value);
}

/** What of a queue's properties decides how it behaves. */
const QUEUE_ATTRIBUTES = new Set([
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
]);

/** What of a table's properties decides what can be written and read. */
const TABLE_PROPERTIES = new Set(['AttributeDefinitions', 'BillingMode', 'KeySchema', 'ProvisionedThroughput']);

function attributeText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Alias, EVENT_BUS, LEDGER_TABLE } from '../lambda/contract/environment';
import { addApplication, addRenditions } from './application/in-template';
import { RENDITION_RULES, startRenditions } from './application/renditions';
import { type Application, startApplication } from './application/server';
import type { Invalidation } from './cloudfront/control-plane';
import { type LocalCloudFront, type LocalCloudFrontOptions, startCloudFront } from './cloudfront/server';
import { createResources } from './create-resources';
import { type LocalDynamoDB, startDynamoDB } from './dynamodb/server';
import { type Edge, type EdgeOptions, startEdge } from './edge/edge';
import { type EventSourceEvent, startEventSource } from './event-source/event-source';
import { s3Event } from './eventbridge/event';
import { eventBuses } from './eventbridge/event-bus';
import { type LocalEventBridge, startEventBridge } from './eventbridge/server';
import { deployFunction, type LocalFunction } from './execution-environment/function';
import { type LogLine, readLogLine } from './log-line';
import type { Port } from './loopback';
import type { FileToLoad, Loaded } from './s3-sqs/load.mts';
import { type ObjectChanged, startS3AndSqs } from './s3-sqs/start';
import { synthesize } from './synthesize';
import type { Template } from './template/intrinsics';
import { type Overrides, override } from './template/overrides';
import { withParameters } from './template/parameters';
import { REGION } from './template/physical-names';
import {
  deadLetterQueueOf,
  distributionsOf,
  functionOf,
  indexDocumentOf,
  queueOf,
  type SiteModel,
  siteOf,
} from './template/site';
import { type QueueModel, readStack } from './template/stack-model';
import { withRules } from './template/with-rules';

/** What {@link startLocalStack} can be told. */
export interface LocalStackOptions {
  /** What `-c name=value` would say. @default - `cdk.json`'s own context */
  readonly context?: Readonly<Record<string, string>>;
  /** What to run in place of what the app synthesizes: a template without assets, and values for its parameters. */
  readonly template?: { readonly template: Template; readonly parameters: Readonly<Record<string, string>> };
  /** Other values for properties of the template, such as `{ 'Invalidator/Queue': { VisibilityTimeout: 2 } }`. */
  readonly overrides?: Overrides;
  /** What else the template has, as other constructs of the app would make it. @default - nothing */
  readonly resources?: Template['Resources'];
  /** @default - free ones */
  readonly ports?: { readonly aws?: Port; readonly cloudFront?: Port; readonly edge?: Port };
  /** Whether a small application is behind the distribution, beside the site. The template must have one. @default false */
  readonly application?: boolean;
  /** Whether a server makes the bucket's images in other sizes, which only cache tags reach. As of the application. @default false */
  readonly renditions?: boolean;
  /** How CloudFront behaves. */
  readonly cloudFront?: Omit<LocalCloudFrontOptions, 'port' | 'distributions' | 'configurations' | 'cachePolicies'>;
  /** What stands before the origin. */
  readonly edge?: Pick<EdgeOptions, 'rewrite'>;
  /** Puts into the site's bucket what is there before the stack watches it. */
  readonly populate?: (s3: S3Client, bucket: string, load: LoadFiles) => Promise<void>;
  /** Called with all that happens, in order. */
  readonly onEvent?: (event: LocalEvent) => void;
  /** Which of the event source's pollers gets what a long poll returns. @default Math.random */
  readonly random?: () => number;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
}

/**
 * Puts files into the site's bucket, of which nobody is notified.
 *
 * @param onProgress called with how many of them have been put
 */
export type LoadFiles = (files: readonly FileToLoad[], onProgress?: (loaded: number) => void) => Promise<Loaded>;

/** What happens in a running stack. */
export type LocalEvent =
  | ObjectChanged
  /** Objects that were there before, so to speak: no change. */
  | { readonly kind: 'loaded'; readonly bucket: string; readonly keys: readonly string[] }
  | EventSourceEvent
  | { readonly kind: 'invalidation'; readonly invalidation: Invalidation }
  | { readonly kind: 'log'; readonly line: LogLine }
  /** A part of the stack is gone, and the rest is of no use without it. */
  | { readonly kind: 'broken'; readonly why: string };

/** The synthesized stack, running on this machine. */
export interface LocalStack {
  /** The site: its bucket, and the distribution in front of it. */
  readonly site: SiteModel;
  readonly queue: QueueModel;
  readonly deadLetterQueue: QueueModel;
  /** Seconds. */
  readonly maxBatchingWindow: number;
  /** What the function takes for a folder's index document; empty for none. */
  readonly indexDocument: string;
  /** Where S3 and SQS are; any client will do. */
  readonly awsUrl: string;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly cloudFront: LocalCloudFront;
  /** None where the function is told of no event bus. */
  readonly eventBridge?: LocalEventBridge;
  /** None where the template has no table. */
  readonly dynamoDB?: LocalDynamoDB;
  /** The function's ledger, and a client of where it is. None where the function is not told of one. */
  readonly ledger?: { readonly client: DynamoDBClient; readonly table: string };
  readonly edge: Edge;
  /** None unless it was asked for. */
  readonly application?: Application;
  /** What the function is told beside the template: the rules of the renditions. */
  readonly rules: readonly Alias[];
  /** The function's log so far. */
  readonly logs: readonly LogLine[];
  /** Sends the function's processes a signal, whatever they are doing. */
  signalFunction(signal: NodeJS.Signals): void;
  /** Stops everything; nothing is left running. */
  close(): Promise<void>;
}

/**
 * Synthesizes the stack and runs what its template says: the bucket and its notifications, the queues, the tables, the event
 * source, the function's bundle, the distribution with one edge.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { ports = {}, onEvent = () => {} } = options;
  const stops: (() => unknown)[] = [];
  let putEvent: (change: ObjectChanged) => void = () => {};
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const directory = await mkdtemp(join(tmpdir(), 'cloudfront-invalidator-'));
    stops.push(() => rm(directory, { recursive: true, force: true }));
    const [assembly, services] = await Promise.allSettled([
      options.template ? deployable(options.template) : synthesize(directory, options.context ?? {}, options.signal),
      startS3AndSqs(ports.aws ?? 0, (change) => {
        onEvent(change);
        if (change.eventBridge) putEvent(change);
      }),
    ]);
    if (services.status === 'fulfilled') stops.push(() => services.value.close());
    const aws = settledValue(services);
    void aws.ended.then((why) => onEvent({ kind: 'broken', why }));
    const { stackName, template } = settledValue(assembly);
    const application = options.application ? await startApplication() : undefined;
    if (application) stops.push(() => application.close());
    const complete = { ...template, Resources: { ...template.Resources, ...options.resources } };
    const overridden = override(complete, stackName, options.overrides ?? {});
    const withApplication = application ? addApplication(overridden, application.port) : overridden;
    const site = siteOf(readStack(withApplication, stackName, aws.url));
    const renditions = options.renditions
      ? await startRenditions(`${aws.url}/${site.bucket}${site.originPath}`)
      : undefined;
    if (renditions) stops.push(() => renditions.close());
    const whole = renditions ? addRenditions(withApplication, renditions.port) : withApplication;
    const rules = renditions ? RENDITION_RULES : [];
    const model = withRules(readStack(whole, stackName, aws.url), rules);

    const cloudFront = await startCloudFront({
      ...options.cloudFront,
      port: ports.cloudFront,
      configurations: Object.fromEntries(distributionsOf(model).map(({ id, configuration }) => [id, configuration])),
      cachePolicies: model.cachePolicies,
    });
    stops.push(() => cloudFront.close());
    const edge = await startEdge({
      ...options.edge,
      port: ports.edge,
      s3: aws.url,
      functions: model.edgeFunctions,
      removedHeaders: model.removedHeaders,
      distribution: site.id,
      cloudFront,
    });
    stops.push(() => edge.close());
    const dynamoDB = model.tables.length > 0 ? await startDynamoDB() : undefined;
    if (dynamoDB) stops.push(() => dynamoDB.close());
    cloudFront.onInvalidation((invalidation) => onEvent({ kind: 'invalidation', invalidation }));

    const client = { region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const s3 = new S3Client({ ...client, endpoint: aws.url, forcePathStyle: true });
    const sqs = new SQSClient({ ...client, endpoint: aws.url });
    const tables = dynamoDB && new DynamoDBClient({ ...client, endpoint: dynamoDB.url });
    stops.push(
      () => s3.destroy(),
      () => sqs.destroy(),
      () => tables?.destroy(),
    );
    const load: LoadFiles = async (files, onProgress) => {
      const loaded = await aws.load(site.bucket, files, onProgress);
      const failed = new Set(loaded.failed.map(({ key }) => key));
      const keys = files.map(({ key }) => key).filter((key) => !failed.has(key));
      onEvent({ kind: 'loaded', bucket: site.bucket, keys });
      return loaded;
    };
    await createResources(model, { s3, sqs, dynamoDB: tables }, () => options.populate?.(s3, site.bucket, load));
    const deliver = eventBuses(model, sqs);
    putEvent = (change) =>
      void deliver(s3Event(change), 'default').catch((error) => {
        if (stops.length > 0) onEvent({ kind: 'broken', why: `EventBridge cannot deliver: ${error}` });
      });

    const eventBridge = model.functions.some(({ environment }) => EVENT_BUS in environment)
      ? await startEventBridge(deliver)
      : undefined;
    if (eventBridge) stops.push(() => eventBridge.close());

    const logs: LogLine[] = [];
    const onOutput = (text: string) => {
      const line = readLogLine(text);
      logs.push(line);
      onEvent({ kind: 'log', line });
    };
    const urls = {
      cloudFront: cloudFront.url,
      dynamoDB: dynamoDB?.url,
      eventBridge: eventBridge?.url,
      s3: aws.url,
      sqs: aws.url,
    };
    const functions: LocalFunction[] = [];
    for (const mapping of model.eventSources) {
      const deployed = deployFunction(functionOf(model, mapping), directory, urls, onOutput);
      functions.push(deployed);
      stops.push(() => deployed.close());
      const queue = queueOf(model, mapping.queueArn);
      const eventSource = startEventSource({
        sqs,
        queue,
        mapping,
        invoke: deployed.invoke,
        onEvent,
        random: options.random,
      });
      stops.push(() => eventSource.close());
    }
    const [mapping] = model.eventSources;
    if (!mapping) throw new Error('The template has no event source.');
    const queue = queueOf(model, mapping.queueArn);
    const { environment } = functionOf(model, mapping);
    const ledgerTable = environment[LEDGER_TABLE];
    return {
      site,
      queue,
      deadLetterQueue: deadLetterQueueOf(model, queue),
      maxBatchingWindow: mapping.maxBatchingWindow,
      indexDocument: indexDocumentOf(environment, cloudFront.configurations[site.id] ?? {}),
      awsUrl: aws.url,
      s3,
      sqs,
      cloudFront,
      eventBridge,
      dynamoDB,
      ledger: tables && ledgerTable ? { client: tables, table: ledgerTable } : undefined,
      edge,
      application,
      rules,
      logs,
      signalFunction(signal) {
        for (const each of functions) each.signal(signal);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function deployable({ template, parameters }: NonNullable<LocalStackOptions['template']>) {
  return { stackName: 'Template', template: withParameters(template, parameters) };
}

function settledValue<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

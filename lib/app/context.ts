import { Duration } from 'aws-cdk-lib';
import { checkEventBusName } from '../options/event-bus';
import { checkTopicArn, checkUnusedWithoutMonitoring } from '../options/monitoring';
import { OptionError } from '../options/option-error';
import { type ChangeEvents, checkEvents, checkOriginPath, checkPrefix } from '../options/origin';
import {
  checkBatchingWindow,
  checkBucketName,
  checkDistributionId,
  checkIndexDocument,
  checkPathsPerDay,
  checkRefetchesPerPath,
} from '../options/rules';
import type { CloudFrontInvalidatorProps, InvalidatorOrigin } from '../props';

/** What `cdk deploy -c name=value` may say. */
export interface DeployContext {
  /** The bucket and the distribution to attach to; none: a complete site. */
  readonly attachTo?: { readonly bucketName: string; readonly distributionId: string };
  readonly originPath?: string;
  readonly prefix?: string;
  readonly events?: ChangeEvents;
  readonly indexDocument?: string;
  /** Given in seconds. */
  readonly batchingWindow?: Duration;
  readonly refetchesPerPath?: number;
  readonly maxPathsPerDay?: number;
  readonly inspectBucket?: boolean;
  readonly readDistribution?: boolean;
  readonly queryStrings?: boolean;
  readonly dryRun?: boolean;
  readonly eventBusName?: string;
  readonly monitoring?: boolean;
  readonly alarmTopicArn?: string;
  readonly pathsPerDayBudget?: number;
}

const KEYS = [
  'bucketName',
  'distributionId',
  'originPath',
  'prefix',
  'events',
  'indexDocument',
  'batchingWindow',
  'refetchesPerPath',
  'maxPathsPerDay',
  'queryStrings',
  'dryRun',
  'eventBusName',
  'inspectBucket',
  'readDistribution',
  'monitoring',
  'alarmTopicArn',
  'pathsPerDayBudget',
];

type ConstructOption = keyof CloudFrontInvalidatorProps | keyof InvalidatorOrigin;

/** The options that `-c` does not have, all of them, or it does not compile. */
const OF_THE_CONSTRUCT: Readonly<Record<Exclude<ConstructOption, keyof DeployContext>, true>> = {
  origins: true,
  bucket: true,
  distribution: true,
  exclude: true,
  aliases: true,
  encryptionKey: true,
  eventBus: true,
  logRetention: true,
  alarmTopic: true,
};

/**
 * A misspelt name would go unheard, and deploy something else. CDK's own names have a colon, a slash or a hyphen.
 *
 * @throws OptionError for a name that is none of ours
 */
export function checkContextKeys(keys: readonly string[]): void {
  const unknown = keys.find((key) => /^\w+$/.test(key) && !KEYS.includes(key));
  if (unknown === undefined) return;
  const why = Object.hasOwn(OF_THE_CONSTRUCT, unknown) ? ` (${unknown} is an option of the construct only)` : '';
  throw new OptionError('a context key', `must be one of ${KEYS.join(', ')}${why}`, unknown);
}

/**
 * Reads the context, every value checked.
 *
 * @param get the value of a context key, or undefined
 * @throws OptionError naming the key, the rule and the value
 */
export function readContext(get: (key: string) => unknown): DeployContext {
  const bucketName = text(get, 'bucketName');
  const distributionId = text(get, 'distributionId');
  const originPath = text(get, 'originPath');
  const prefix = text(get, 'prefix');
  const events = text(get, 'events');
  const indexDocument = text(get, 'indexDocument');
  const batchingWindow = get('batchingWindow');
  const refetchesPerPath = get('refetchesPerPath');
  const eventBusName = text(get, 'eventBusName');
  const alarmTopicArn = text(get, 'alarmTopicArn');
  const pathsPerDayBudget = pathsPerDay(get, 'pathsPerDayBudget');
  if (bucketName === undefined && distributionId !== undefined) {
    throw new OptionError('bucketName', 'must be given together with distributionId', bucketName);
  }
  if (distributionId === undefined && bucketName !== undefined) {
    throw new OptionError('distributionId', 'must be given together with bucketName', distributionId);
  }
  const monitoring = yesOrNo(get, 'monitoring');
  const context = {
    attachTo:
      bucketName === undefined || distributionId === undefined
        ? undefined
        : { bucketName: checkBucketName(bucketName), distributionId: checkDistributionId(distributionId) },
    originPath: originPath === undefined ? undefined : checkOriginPath(originPath),
    prefix: prefix === undefined || prefix === '' ? undefined : checkPrefix(prefix, originPath ?? ''),
    events: events === undefined ? undefined : checkEvents(events),
    indexDocument: indexDocument === undefined ? undefined : checkIndexDocument(indexDocument),
    batchingWindow:
      batchingWindow === undefined ? undefined : Duration.seconds(checkBatchingWindow(seconds(batchingWindow))),
    refetchesPerPath: refetchesPerPath === undefined ? undefined : checkRefetchesPerPath(weight(refetchesPerPath)),
    maxPathsPerDay: pathsPerDay(get, 'maxPathsPerDay'),
    inspectBucket: yesOrNo(get, 'inspectBucket'),
    readDistribution: yesOrNo(get, 'readDistribution'),
    queryStrings: yesOrNo(get, 'queryStrings'),
    dryRun: yesOrNo(get, 'dryRun'),
    eventBusName: eventBusName === undefined ? undefined : checkEventBusName(eventBusName),
    monitoring,
    alarmTopicArn: alarmTopicArn === undefined ? undefined : checkTopicArn(alarmTopicArn, 'alarmTopicArn'),
    pathsPerDayBudget,
  };
  if (monitoring === false) checkUnusedWithoutMonitoring({ alarmTopicArn, pathsPerDayBudget });
  return context;
}

function text(get: (key: string) => unknown, key: string): string | undefined {
  const value = get(key);
  if (value !== undefined && typeof value !== 'string') throw new OptionError(key, 'must be text', value);
  return value;
}

/** Of the command line numbers come as text; whether they are within their bounds is checked after. */
function numberOf(value: unknown, form: RegExp, option: string, rule: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && form.test(value)) return Number(value);
  throw new OptionError(option, rule, value);
}

function seconds(value: unknown): number {
  return numberOf(value, /^\d+$/, 'batchingWindow', 'must be a whole number of seconds from 0 to 300');
}

function pathsPerDay(get: (key: string) => unknown, key: string): number | undefined {
  const value = get(key);
  if (value === undefined) return undefined;
  const rule = 'must be a whole number of paths from 1 to 1000000000';
  return checkPathsPerDay(numberOf(value, /^\d+$/, key, rule), key);
}

function weight(value: unknown): number {
  return numberOf(value, /^\d*\.?\d+$/, 'refetchesPerPath', 'must be a number from 0.000001 to 1000000');
}

function yesOrNo(get: (key: string) => unknown, key: string): boolean | undefined {
  const value = get(key);
  if (value === undefined) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new OptionError(key, 'must be "true" or "false"', value);
}

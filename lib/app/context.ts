import { Duration } from 'aws-cdk-lib';
import { checkEventBusName } from '../options/event-bus';
import { nearest, unknownName } from '../options/names';
import { CONSTRUCT_RULES } from '../options/options';
import { checkEvents, checkOriginPath, checkPrefix, ORIGIN_RULES, watchedPrefix } from '../options/origin';
import {
  checkBatchingWindow,
  checkBucketName,
  checkDistributionId,
  checkIndexDocument,
  checkPathsPerDay,
  checkRefetchesPerPath,
  checkText,
  checkTopicArn,
  checkUnusedWithout,
  keep,
  MONITORING,
} from '../options/rules';
import { type Checked, checkAll } from '../options/table';

const PATHS = number(/^\d+$/, 'must be a whole number of paths from 1 to 1000000000', checkPathsPerDay);

/** What `cdk deploy -c name=value`, or the context of `cdk.json`, may say. */
export const CONTEXT_RULES = {
  bucketName: text(checkBucketName),
  distributionId: text(checkDistributionId),
  originPath: text(checkOriginPath),
  viewerPrefix: text(checkOriginPath),
  prefix: text(checkPrefix),
  events: text(checkEvents),
  indexDocument: text(checkIndexDocument),
  maxBatchingWindow: number(/^\d+$/, 'must be a whole number of seconds from 0 to 300', (seconds, option) =>
    Duration.seconds(checkBatchingWindow(seconds, option)),
  ),
  refetchesPerPath: number(/^\d*\.?\d+$/, 'must be a number from 0.000001 to 1000000', checkRefetchesPerPath),
  maxPathsPerDay: PATHS,
  queryStrings: yesOrNo,
  dryRun: yesOrNo,
  inspectBucket: yesOrNo,
  readDistribution: yesOrNo,
  requests: yesOrNo,
  monitoring: yesOrNo,
  eventBusName: text(checkEventBusName),
  alarmTopicArn: text(checkTopicArn),
  pathsPerDayBudget: PATHS,
};

/** What the context says. */
export type DeployContext = Omit<Checked<typeof CONTEXT_RULES>, 'bucketName' | 'distributionId'> & {
  /** The bucket and the distribution to attach to; none: a complete site. */
  readonly attachTo?: { readonly bucketName: string; readonly distributionId: string };
};

/**
 * Reads the context, every value checked. A misspelt name would go unheard, and deploy something else; names that are nothing like
 * ours may be of others.
 *
 * @throws OptionError naming the key, the rule and the value
 */
export function readContext(all: Readonly<Record<string, unknown>>): DeployContext {
  const names = Object.keys(CONTEXT_RULES);
  for (const [name, value] of Object.entries(all)) {
    if (names.includes(name)) continue;
    if (OF_CDK.test(name)) continue;
    const ofConstruct = nearest(name, CONSTRUCT_ONLY, 1);
    const isOther = ofConstruct === undefined || Object.hasOwn(BY_NAME, ofConstruct);
    keep(value, name, [
      isOther,
      `must be left out of the context, because ${ofConstruct} is an option of the construct only`,
    ]);
    const meant = BY_NAME[ofConstruct ?? ''] ?? nearest(name, names, Math.max(2, name.length / 4));
    keep(value, name, [meant === undefined, unknownName(meant, names)]);
  }
  const ours = Object.fromEntries(names.map((name) => [name, all[name]]));
  const { bucketName, distributionId, ...context } = checkAll(CONTEXT_RULES, ours);
  const isAttached = bucketName !== undefined || distributionId !== undefined;
  keep(bucketName, 'bucketName', [!isAttached || !!bucketName, 'must be given together with distributionId']);
  keep(distributionId, 'distributionId', [!isAttached || !!distributionId, 'must be given together with bucketName']);
  const { prefix, originPath, alarmTopicArn, pathsPerDayBudget, monitoring } = context;
  watchedPrefix(prefix, originPath);
  if (monitoring === false) checkUnusedWithout(MONITORING, { alarmTopicArn, pathsPerDayBudget });
  return { ...context, attachTo: bucketName && distributionId ? { bucketName, distributionId } : undefined };
}

const CONSTRUCT_ONLY = Object.keys({ ...CONSTRUCT_RULES, ...ORIGIN_RULES }).filter(
  (name) => !Object.hasOwn(CONTEXT_RULES, name),
);

/** What the construct is given as a resource, and the context by its name. */
const BY_NAME: Readonly<Record<string, keyof typeof CONTEXT_RULES>> = {
  alarmTopic: 'alarmTopicArn',
  eventBus: 'eventBusName',
  bucket: 'bucketName',
  distribution: 'distributionId',
};

/** What CDK's own names have. */
export const OF_CDK = /[:/@]/;

function text<T>(rule: (value: string, option: string) => T) {
  return (value: unknown, option: string) => rule(checkText(value, option), option);
}

/** Whether a number is within its bounds is checked after. */
function number<T>(form: RegExp, rule: string, check: (value: number, option: string) => T) {
  return (value: unknown, option: string) => {
    const isNumber = typeof value === 'number' || form.test(String(value));
    return check(Number(keep(value, option, [isNumber, rule])), option);
  };
}

function yesOrNo(value: unknown, option: string): boolean {
  keep(value, option, [/^(true|false)$/.test(String(value)), 'must be "true" or "false"']);
  return String(value) === 'true';
}

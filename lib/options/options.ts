import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { USUAL_REFETCHES_PER_PATH } from '../../lambda/contract/pricing';
import { targetsOf } from '../../lambda/contract/target';
import type { CloudFrontInvalidatorProps } from '../props';
import { checkEventBus } from './event-bus';
import { checkSecurityGroups, checkSubnets, checkVpc } from './network';
import { checkOrigins, targetOf } from './origin';
import {
  checkIndexDocument,
  checkKey,
  checkLogKey,
  checkPathsPerDay,
  checkRefetchesPerPath,
  checkRegion,
  checkRetention,
  checkTopic,
  checkTrueOrFalse,
  checkUnusedWithout,
  checkWindow,
  keep,
  MONITORING,
} from './rules';
import { checkAll } from './table';

/** All options of the construct, or it does not compile. */
export const CONSTRUCT_RULES = {
  origins: checkOrigins,
  maxBatchingWindow: checkWindow,
  indexDocument: checkIndexDocument,
  refetchesPerPath: checkRefetchesPerPath,
  maxPathsPerDay: checkPathsPerDay,
  inspectBucket: checkTrueOrFalse,
  readDistribution: checkTrueOrFalse,
  requests: checkTrueOrFalse,
  dryRun: checkTrueOrFalse,
  eventBus: checkEventBus,
  encryptionKey: checkKey,
  logEncryptionKey: checkLogKey,
  vpc: checkVpc,
  vpcSubnets: checkSubnets,
  securityGroups: checkSecurityGroups,
  logRetention: checkRetention,
  monitoring: checkTrueOrFalse,
  alarmTopic: checkTopic,
  pathsPerDayBudget: checkPathsPerDay,
} satisfies Readonly<Record<keyof CloudFrontInvalidatorProps, unknown>>;

/** What the options say, or their defaults. */
export type CheckedOptions = ReturnType<typeof checkOptions>;

/**
 * Every default is here, and in the docstring of its option.
 *
 * @throws OptionError naming the option, the rule and the value
 */
export function checkOptions(scope: Construct, props: CloudFrontInvalidatorProps) {
  const { origins = [], ...stated } = checkAll(CONSTRUCT_RULES, props, '', ['origins']);
  const { maxPathsPerDay, alarmTopic, pathsPerDayBudget, monitoring = true, dryRun = false } = stated;
  const { vpc, vpcSubnets, securityGroups } = stated;
  // Each distribution or tenant has an equal share of the day's paths, and a share is one path at least.
  const count = targetsOf(origins.map(targetOf)).length;
  const names = origins.some(({ tenant }) => tenant !== undefined) ? 'distributions and tenants' : 'distributions';
  const rule = `must be at least the number of ${names}, ${count}, which share it equally`;
  keep(maxPathsPerDay, 'maxPathsPerDay', [maxPathsPerDay === undefined || maxPathsPerDay >= count, rule]);
  const { encryptionKey, logEncryptionKey } = stated;
  const ofRegion = { encryptionKey, logEncryptionKey, vpc, alarmTopic };
  for (const [option, resource] of Object.entries(ofRegion)) checkRegion(resource, option, scope);
  if (!vpc) checkUnusedWithout('a vpc, to which it belongs', { vpcSubnets, securityGroups });
  if (!monitoring) checkUnusedWithout(MONITORING, { alarmTopic, pathsPerDayBudget });
  return {
    ...stated,
    origins,
    maxBatchingWindow: stated.maxBatchingWindow ?? Duration.seconds(20).toSeconds(),
    refetchesPerPath: stated.refetchesPerPath ?? USUAL_REFETCHES_PER_PATH,
    inspectBucket: stated.inspectBucket ?? true,
    readDistribution: stated.readDistribution ?? true,
    requests: stated.requests ?? false,
    dryRun,
    // A dry run invalidates nothing that could be told of.
    eventBus: dryRun ? undefined : stated.eventBus,
    logRetention: stated.logRetention ?? RetentionDays.THREE_MONTHS,
    monitoring,
    pathsPerDayBudget: pathsPerDayBudget ?? Math.min(200, maxPathsPerDay ?? 200),
  };
}

import { Duration } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { USUAL_REFETCHES_PER_PATH } from '../../lambda/contract/pricing';
import type { CloudFrontInvalidatorProps } from '../props';
import { checkEventBus } from './event-bus';
import { checkTopic, checkUnusedWithoutMonitoring } from './monitoring';
import {
  checkIndexDocument,
  checkPathsPerDay,
  checkRefetchesPerPath,
  checkShares,
  checkTrueOrFalse,
  checkWindow,
} from './rules';

/** What the options of all origins say, or their defaults. */
export interface CheckedOptions {
  /** In seconds. */
  readonly batchingWindow: number;
  /** Undefined: as the distribution says. */
  readonly indexDocument?: string;
  readonly refetchesPerPath: number;
  /** Undefined: no limit. */
  readonly maxPathsPerDay?: number;
  readonly inspectBucket: boolean;
  readonly readDistribution: boolean;
  readonly dryRun: boolean;
  /** Undefined: nobody is told. */
  readonly eventBus?: IEventBus;
  readonly monitoring: boolean;
  readonly alarmTopic?: ITopic;
  readonly pathsPerDayBudget: number;
}

/**
 * Every default is here, and in the docstring of its option.
 *
 * @throws OptionError naming the option, the rule and the value
 */
export function checkOptions(props: CloudFrontInvalidatorProps): CheckedOptions {
  const { alarmTopic, pathsPerDayBudget } = props;
  const indexDocument = props.indexDocument ?? undefined;
  const maxPathsPerDay = props.maxPathsPerDay ?? undefined;
  if (maxPathsPerDay !== undefined) {
    checkPathsPerDay(maxPathsPerDay, 'maxPathsPerDay');
    checkShares(maxPathsPerDay, new Set(props.origins.map(({ distribution }) => distribution.distributionId)).size);
  }
  const monitoring = checkTrueOrFalse(props.monitoring ?? true, 'monitoring');
  const dryRun = checkTrueOrFalse(props.dryRun ?? false, 'dryRun');
  const eventBus = props.eventBus == null ? undefined : checkEventBus(props.eventBus);
  const options = {
    batchingWindow: checkWindow(props.batchingWindow ?? Duration.seconds(20)),
    indexDocument: indexDocument === undefined ? undefined : checkIndexDocument(indexDocument),
    refetchesPerPath: checkRefetchesPerPath(props.refetchesPerPath ?? USUAL_REFETCHES_PER_PATH),
    maxPathsPerDay,
    inspectBucket: checkTrueOrFalse(props.inspectBucket ?? true, 'inspectBucket'),
    readDistribution: checkTrueOrFalse(props.readDistribution ?? true, 'readDistribution'),
    dryRun,
    // A dry run invalidates nothing that could be told of.
    eventBus: dryRun ? undefined : eventBus,
    monitoring,
    alarmTopic: alarmTopic && checkTopic(alarmTopic),
    pathsPerDayBudget: checkPathsPerDay(pathsPerDayBudget ?? Math.min(200, maxPathsPerDay ?? 200), 'pathsPerDayBudget'),
  };
  if (!monitoring) checkUnusedWithoutMonitoring({ alarmTopic, pathsPerDayBudget });
  return options;
}

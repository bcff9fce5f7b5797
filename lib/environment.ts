import { Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  DRY_RUN,
  EVENT_BUS,
  INDEX_DOCUMENT,
  INSPECT_BUCKET,
  LEDGER_TABLE,
  MAX_PATHS_PER_DAY,
  ORIGINS,
  QUEUE_URL,
  READ_DISTRIBUTION,
  REFETCHES_PER_PATH,
  REQUESTS,
} from '../lambda/contract/environment';
import type { CheckedOptions } from './options/options';
import { toOrigin } from './options/origin';

/** What the function knows of the options. What is not stated is left out. */
export function environmentOf(options: CheckedOptions, ledger: ITable, queue: IQueue): Record<string, string> {
  const { origins, indexDocument, maxPathsPerDay, eventBus } = options;
  return {
    [ORIGINS]: Stack.of(queue).toJsonString(origins.map(toOrigin)),
    ...(indexDocument !== undefined && { [INDEX_DOCUMENT]: indexDocument === 'none' ? '' : indexDocument }),
    [REFETCHES_PER_PATH]: String(options.refetchesPerPath),
    [INSPECT_BUCKET]: options.inspectBucket ? 'on' : 'off',
    [READ_DISTRIBUTION]: options.readDistribution ? 'on' : 'off',
    [LEDGER_TABLE]: ledger.tableName,
    ...(maxPathsPerDay !== undefined && { [MAX_PATHS_PER_DAY]: String(maxPathsPerDay) }),
    ...(options.requests && { [REQUESTS]: 'on' }),
    ...(options.dryRun && { [DRY_RUN]: 'on' }),
    ...(eventBus && { [EVENT_BUS]: eventBus.eventBusArn, [QUEUE_URL]: queue.queueUrl }),
  };
}

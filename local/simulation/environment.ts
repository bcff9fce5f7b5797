import type { Logger } from '@aws-lambda-powertools/logger';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { ListObjects } from '../../lambda/bucket/list-objects';
import type { Configuration } from '../../lambda/configuration';
import type { Clock } from '../../lambda/dispatch/clock';
import { makeDistributionReader } from '../../lambda/dispatch/distribution-reader';
import type { LedgerStore } from '../../lambda/dispatch/ledger-store';
import { makeSingleWriter } from '../../lambda/dispatch/single-writer';
import { makeHandler } from '../../lambda/handler';

export interface EnvironmentOptions {
  readonly configuration: Configuration;
  readonly cloudFront: CloudFrontClient;
  readonly listObjects: ListObjects;
  /** Undefined: the ledger is off. */
  readonly store: LedgerStore | undefined;
  readonly clock: Clock;
}

/** The function in an execution environment of its own, silent. The only place that knows what the handler is made of. */
export function environmentOf({ store, clock, ...given }: EnvironmentOptions) {
  const { configuration, cloudFront } = given;
  const writer = makeSingleWriter(store, clock);
  const reader = configuration.readDistribution
    ? makeDistributionReader(cloudFront, configuration.origins, clock)
    : undefined;
  return makeHandler({ ...given, clock, writer, reader, logger: SILENT, publishMetrics() {} });
}

const SILENT = { addContext() {}, debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger;

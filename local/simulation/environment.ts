import type { Logger } from '@aws-lambda-powertools/logger';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { Configuration } from '../../lambda/configuration';
import type { Clock } from '../../lambda/dispatch/clock';
import type { LedgerStore } from '../../lambda/dispatch/ledger-store';
import { makeRecentInvalidations } from '../../lambda/dispatch/recent-invalidations';
import { makeStrain } from '../../lambda/dispatch/strain';
import { makeHandler } from '../../lambda/handler';
import type { ListObjects } from '../../lambda/plan/inventory';
import { planWithInventory } from '../../lambda/plan/plan';

export interface EnvironmentOptions {
  readonly configuration: Configuration;
  readonly cloudFront: CloudFrontClient;
  readonly listObjects: ListObjects;
  /** Undefined: the ledger is off. */
  readonly store: LedgerStore | undefined;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** The function in an execution environment of its own, silent. The only place that knows what the handler is made of. */
export function environmentOf({ configuration, cloudFront, listObjects, clock, random }: EnvironmentOptions) {
  return makeHandler({
    configuration,
    cloudFront,
    logger: SILENT,
    publishMetrics() {},
    clock,
    memory: makeRecentInvalidations(),
    strain: makeStrain(random),
    plan: (distribution, changes, options, maxDuration) => {
      const origins = configuration.origins.filter((origin) => origin.distribution === distribution);
      const census = configuration.inspectBucket ? { origins, list: listObjects, maxDuration } : undefined;
      return planWithInventory(changes, { ...options, census });
    },
  });
}

const SILENT = { addContext() {}, debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger;

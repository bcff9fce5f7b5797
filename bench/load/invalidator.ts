import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { readConfiguration } from '../../lambda/configuration';
import { INDEX_DOCUMENT, ORIGINS } from '../../lambda/contract/environment';
import type { Clock } from '../../lambda/dispatch/clock';
import { makeRecentInvalidations } from '../../lambda/dispatch/recent-invalidations';
import { makeStrain } from '../../lambda/dispatch/strain';
import { makeHandler } from '../../lambda/handler';
import { planWithInventory } from '../../lambda/plan/plan';
import { FUNCTION_TIMEOUT, maxReceiveCountFor, visibilityTimeoutFor } from '../../lib/timing';
import { messageOf } from '../messages';
import { overHttp } from './cloudfront';
import { DISTRIBUTION, type SdkDesign } from './design';
import type { VirtualTime } from './virtual-time';

const SILENT = { addContext() {}, debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger;

const ORIGIN = { bucket: 'site', distribution: DISTRIBUTION, path: '' };
const CONFIGURATION = readConfiguration({ [ORIGINS]: JSON.stringify([ORIGIN]), [INDEX_DOCUMENT]: '' });

/** In s, as is what follows from it. */
const WINDOW = 20;
const VISIBILITY_TIMEOUT = visibilityTimeoutFor(WINDOW);

/** Ours: the real handler, with the numbers of the template. */
export const invalidator: SdkDesign = {
  name: 'this invalidator',
  mapping: { window: WINDOW * 1000, batchSize: 2500, concurrency: 2, visibilityTimeout: VISIBILITY_TIMEOUT * 1000 },
  maxReceiveCount: maxReceiveCountFor(VISIBILITY_TIMEOUT),
  startCloudFront: overHttp,
  makeFunction({ time, client, site, censusFails, random }) {
    const clock = virtualClock(time);
    const handler = makeHandler({
      configuration: CONFIGURATION,
      cloudFront: client,
      logger: SILENT,
      publishMetrics() {},
      memory: makeRecentInvalidations(),
      strain: makeStrain(random),
      plan: (_, changes, options, maxDuration) =>
        planWithInventory(changes, {
          ...options,
          census: {
            maxDuration,
            origins: [ORIGIN],
            list: async ({ prefix, startAfter, maxKeys }) => {
              if (censusFails) throw new Error('SlowDown');
              return site.list(prefix, startAfter, maxKeys);
            },
          },
        }),
      clock,
    });
    return async (batch) => {
      const end = time.now() + FUNCTION_TIMEOUT * 1000;
      const Records = batch.map(({ id, key, changed, sent, receives }) =>
        messageOf(key, { id, changed, sent, receives }),
      );
      const context = { getRemainingTimeInMillis: () => end - time.now() } as Context;
      const { batchItemFailures } = await handler({ Records }, context);
      // Out of time, the function is killed before it can answer.
      if (time.now() > end) return batch;
      const returned = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      return batch.filter(({ id }) => returned.has(id));
    };
  },
};

function virtualClock(time: VirtualTime): Clock {
  const ends = new WeakMap<AbortSignal, number>();
  return {
    now: time.now,
    deadline(ms) {
      const controller = new AbortController();
      ends.set(controller.signal, time.now() + ms);
      time.at(time.now() + ms, () => controller.abort());
      return controller.signal;
    },
    pause: (ms, signal) => time.pause(Math.min(ms, (ends.get(signal) ?? Number.POSITIVE_INFINITY) - time.now())),
  };
}

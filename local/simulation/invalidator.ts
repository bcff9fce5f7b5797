import type { Context } from 'aws-lambda';
import { readConfiguration } from '../../lambda/configuration';
import {
  INDEX_DOCUMENT,
  INSPECT_BUCKET,
  MAX_PATHS_PER_DAY,
  ORIGINS,
  READ_DISTRIBUTION,
} from '../../lambda/contract/environment';
import { FUNCTION_TIMEOUT, maxReceiveCountFor, visibilityTimeoutFor } from '../../lib/timing';
import { type Design, DISTRIBUTION } from './design';
import { environmentOf } from './environment';
import { simulatedListObjects } from './list-objects';
import { messageOf } from './message';
import { virtualClock } from './virtual-clock';

/** In s, as is what follows from it. */
const WINDOW = 20;
const VISIBILITY_TIMEOUT = visibilityTimeoutFor(WINDOW);

/** Ours: the real handler, with the numbers of the template. */
export function invalidatorWith({
  pollers,
  inspectBucket = true,
}: {
  readonly pollers: number;
  readonly inspectBucket?: boolean;
}): Design {
  let invocations = 0;
  return {
    name: 'this invalidator',
    mapping: {
      pollers,
      window: WINDOW * 1000,
      batchSize: 2500,
      concurrency: 2,
      visibilityTimeout: VISIBILITY_TIMEOUT * 1000,
    },
    maxReceiveCount: maxReceiveCountFor(VISIBILITY_TIMEOUT),
    makeFunction({ time, makeClient, bucket, ledger, clockSkew, maxPathsPerDay }) {
      const handler = environmentOf({
        configuration: readConfiguration({
          [ORIGINS]: JSON.stringify([{ bucket: 'site', distribution: DISTRIBUTION }]),
          [INDEX_DOCUMENT]: '',
          [READ_DISTRIBUTION]: 'on',
          [INSPECT_BUCKET]: inspectBucket ? 'on' : 'off',
          ...(maxPathsPerDay !== undefined && { [MAX_PATHS_PER_DAY]: String(maxPathsPerDay) }),
        }),
        cloudFront: makeClient(2),
        listObjects: simulatedListObjects(time, bucket),
        store: ledger,
        clock: virtualClock(time, clockSkew),
      });
      return async (batch) => {
        const end = time.now() + FUNCTION_TIMEOUT * 1000;
        const Records = batch.map(({ id, key, changed, sent, receives }) =>
          messageOf(key, { id, changed, sent, receives }),
        );
        const context = {
          awsRequestId: `request-${invocations++}`,
          getRemainingTimeInMillis: () => end - time.now(),
        } as Context;
        const { batchItemFailures } = await handler({ Records }, context);
        // Out of time, the function is killed before it can answer.
        if (time.now() > end) return batch;
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        return batch.filter(({ id }) => failed.has(id));
      };
    },
  };
}

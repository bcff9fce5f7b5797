import { type CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { type Design, DISTRIBUTION } from './design';
import type { VirtualTime } from './virtual-time';

/** Seconds between the tries of the field's usual loop around a call. */
const BACK_OFF = [1, 2, 4, 8];

/** One call for each object, tried again in the process; whatever fails even so is logged, and forgotten. */
export const oneCallPerObject: Design = {
  name: 'one call per object',
  mapping: { pollers: 10, window: 0, batchSize: 10, concurrency: 10, visibilityTimeout: 180_000 },
  maxReceiveCount: 3,
  makeFunction({ makeClient, time }) {
    const client = makeClient(1);
    return async (batch) => {
      for (const { key } of batch) {
        if (key !== undefined) await tryAgain(client, time, `/${key}`);
      }
      return [];
    };
  },
};

async function tryAgain(client: CloudFrontClient, time: VirtualTime, path: string): Promise<void> {
  for (const wait of [...BACK_OFF, undefined]) {
    if (await isAccepted(client, path, time.now())) return;
    if (wait !== undefined) await time.pause(wait * 1000);
  }
}

/** Everything for each batch; a batch that fails is retried as a whole, three times. */
export const everythingPerBatch: Design = {
  name: '`/*` per batch',
  mapping: { pollers: 10, window: 5_000, batchSize: 100, concurrency: 10, visibilityTimeout: 180_000 },
  maxReceiveCount: 3,
  makeFunction({ makeClient, time }) {
    const client = makeClient(1);
    return async (batch) => ((await isAccepted(client, '/*', time.now())) ? [] : batch);
  },
};

let references = 0;

async function isAccepted(client: CloudFrontClient, path: string, now: number): Promise<boolean> {
  const InvalidationBatch = { CallerReference: `${now}-${references++}`, Paths: { Quantity: 1, Items: [path] } };
  const command = new CreateInvalidationCommand({ DistributionId: DISTRIBUTION, InvalidationBatch });
  return client.send(command).then(
    () => true,
    () => false,
  );
}

import { listable } from '../cli/plan/bucket-in-memory';
import { coverage } from '../lambda/paths/coverage';
import { viewerPaths } from '../lambda/paths/viewer-path';
import { simulateCloudFront } from '../local/simulation/cloudfront';
import { type Design, DISTRIBUTION } from '../local/simulation/design';
import { startEventSource } from '../local/simulation/event-source';
import { memoryLedgerStore } from '../local/simulation/memory-ledger-store';
import { type Message, makeQueue } from '../local/simulation/queue';
import { REGIMES, type Regime } from '../local/simulation/regimes';
import { makeVirtualTime } from '../local/simulation/virtual-time';
import type { Deploy } from './deploys';

/** What a design made of a deploy. */
export interface Replay {
  /** The paths of each accepted invalidation. */
  readonly invalidations: readonly (readonly string[])[];
  /** The keys of each batch that was handled, and how many list pages it took. */
  readonly batches: readonly { readonly keys: readonly string[]; readonly listedPages: number }[];
  /** Changed paths whose messages were acknowledged or given up, but that no invalidation covers. */
  readonly uncovered: number;
}

export interface ReplayOptions {
  /** Whether the environments share a ledger. */
  readonly ledger: boolean;
  /** From 0 to 1. */
  readonly random: () => number;
}

const START = Date.parse('2026-11-23T08:00:00Z');

/** How long one object after another takes to be uploaded, in ms: 50 a second. */
const UPLOAD = 20;

/** Until its notification is in the queue, in ms. */
const NOTICE = 1000;

/** When the objects changed that the deploy leaves alone. */
const LONG_AGO = 0;

/** A day later everything should be done. */
const LONGEST = 24 * 3600 * 1000;

/** Uploads the changed keys in their order and lets a design handle what arrives, in virtual time, from a fresh state. */
export async function replay(
  { bucket }: Pick<Deploy, 'bucket'>,
  uploads: readonly string[],
  { mapping, maxReceiveCount, makeFunction }: Design,
  { ledger, random }: ReplayOptions,
): Promise<Replay> {
  const time = makeVirtualTime(START);
  const invalidations: { readonly paths: readonly string[]; readonly createTime: number }[] = [];
  const batches: { keys: readonly string[]; listedPages: number }[] = [];
  const { quota, completesAfter } = REGIMES[0] as Regime;
  const makeClient = simulateCloudFront({
    distributions: [DISTRIBUTION],
    quota,
    completesAfter,
    time,
    onInvalidation: (paths, createTime) => void invalidations.push({ paths, createTime }),
  });
  const changed = new Map(uploads.map((key, at) => [key, START + at * UPLOAD]));
  const lastModified = (key: string) => {
    const uploaded = changed.get(key);
    return uploaded !== undefined && uploaded <= time.now() ? uploaded : LONG_AGO;
  };
  const list = listable(bucket, lastModified);
  const store = memoryLedgerStore({ time });

  function startEnvironment() {
    let pages = 0;
    const handle = makeFunction({
      time,
      makeClient,
      bucket: { list, onPage: () => void pages++ },
      ledger: ledger ? store : undefined,
      clockSkew: 0,
      random,
    });
    return async (batch: readonly Message[]) => {
      pages = 0;
      const failed = await handle(batch);
      batches.push({ keys: batch.map(({ key = '' }) => key), listedPages: pages });
      return failed;
    };
  }

  const idle: ReturnType<typeof startEnvironment>[] = [];
  async function invoke(batch: readonly Message[]): Promise<readonly Message[]> {
    const environment = idle.pop() ?? startEnvironment();
    const failed = await environment(batch);
    idle.push(environment);
    return failed;
  }
  const queue = makeQueue(maxReceiveCount);
  const eventSource = startEventSource(time, queue, mapping, invoke, random);
  let number = 0;
  for (const [key, uploaded] of changed) {
    const message = {
      id: `message-${number++}`,
      key,
      changed: uploaded,
      sent: uploaded + NOTICE,
      receives: 0,
      received: 0,
    };
    time.at(message.sent, () => {
      queue.send(message);
      eventSource.wake();
    });
  }
  await time.run(START + LONGEST);

  const covering = invalidations.map(({ paths, createTime }) => ({ createTime, covers: coverage(paths) }));
  const isCovered = (path: string, uploaded: number) =>
    covering.some(({ createTime, covers }) => createTime >= uploaded && covers(path) !== undefined);
  let uncovered = 0;
  for (const [key, uploaded] of changed) {
    for (const path of viewerPaths(key, '', '')) if (!isCovered(path, uploaded)) uncovered++;
  }
  return { invalidations: invalidations.map(({ paths }) => paths), batches, uncovered };
}

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateInvalidationCommand, GetInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { PathBudget } from './path-budget';
import type { Target } from './target';
import type { Waits } from './waits';

/** What CloudFront made of a request. */
export type Invalidated =
  | { readonly kind: 'accepted'; readonly id: string }
  | { readonly kind: 'refused'; readonly name: string };

/** What a viewer got. */
export interface View {
  readonly status: number;
  readonly body: string;
}

/** What the experiments are made with. */
export interface Lab {
  readonly target: Target;
  readonly waits: Waits;
  readonly budget: PathBudget;
  /** When the run began, in ms since the epoch. */
  readonly startedAt: number;
  put(key: string, body: string, cacheTag?: string): Promise<void>;
  view(path: string): Promise<View>;
  /** Has paths invalidated, within the budget. @throws RangeError beyond it */
  invalidate(paths: readonly string[], callerReference?: string): Promise<Invalidated>;
  isCompleted(id: string): Promise<boolean>;
  /** Asks until it is so. @returns the ms that it took, `undefined`: it was not so in time */
  until(isSo: () => Promise<boolean>, longest: number, pause: number): Promise<number | undefined>;
  /** @throws an Error when the run is stopped meanwhile */
  pause(ms: number): Promise<void>;
  /** The site anew with another batching window, in seconds. */
  redeploy(maxBatchingWindow: number): Promise<void>;
}

/** What a lab is made of. */
export interface Surroundings {
  readonly waits: Waits;
  readonly budget: PathBudget;
  readonly signal: AbortSignal;
  readonly deploy: (maxBatchingWindow?: number) => Promise<Target>;
}

/** Deploys the site; experiments can be made with it then. */
export async function openLab({ waits, budget, signal, deploy }: Surroundings): Promise<Lab> {
  let target = await deploy();
  const accepted = new Set<string>();

  return {
    get target() {
      return target;
    },
    waits,
    budget,
    startedAt: Date.now(),

    async put(key, body, cacheTag) {
      const Metadata = cacheTag === undefined ? undefined : { 'cache-tag': cacheTag };
      const object = { Bucket: target.bucket, Key: key, Body: body, ContentType: 'text/html', Metadata };
      await target.s3.send(new PutObjectCommand(object), { abortSignal: signal });
    },

    async view(path) {
      const response = await fetch(target.viewerUrl + path, { signal });
      return { status: response.status, body: await response.text() };
    },

    async invalidate(paths, callerReference = randomUUID()) {
      budget.take(paths.length);
      const Paths = { Quantity: paths.length, Items: [...paths] };
      const InvalidationBatch = { CallerReference: callerReference, Paths };
      const command = new CreateInvalidationCommand({ DistributionId: target.distribution, InvalidationBatch });
      try {
        const { Invalidation } = await target.cloudFront.send(command, { abortSignal: signal });
        const id = Invalidation?.Id ?? '';
        if (accepted.has(id)) budget.giveBack(paths.length);
        accepted.add(id);
        return { kind: 'accepted', id };
      } catch (error) {
        if (signal.aborted || !(error instanceof Error) || !('$metadata' in error)) throw error;
        budget.giveBack(paths.length);
        return { kind: 'refused', name: error.name };
      }
    },

    async isCompleted(id) {
      const command = new GetInvalidationCommand({ DistributionId: target.distribution, Id: id });
      const { Invalidation } = await target.cloudFront.send(command, { abortSignal: signal });
      return Invalidation?.Status === 'Completed';
    },

    async until(isSo, longest, pause) {
      const start = performance.now();
      for (;;) {
        signal.throwIfAborted();
        const isLast = performance.now() - start >= longest;
        if (await isSo()) return performance.now() - start;
        if (isLast) return undefined;
        await delay(pause, undefined, { signal });
      }
    },

    async pause(ms) {
      await delay(ms, undefined, { signal });
    },

    async redeploy(maxBatchingWindow) {
      target = await deploy(maxBatchingWindow);
    },
  };
}

/** For people, of ms. */
export function secondsOf(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

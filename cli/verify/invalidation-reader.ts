import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { Target } from '../../lambda/contract/target';
import type { Invalidation } from './coverage';
import { getInvalidation, listInvalidations } from './invalidation-history';

/** Reads the invalidations of a distribution, or of a tenant, each one's paths once. */
export interface InvalidationReader {
  /**
   * Reads from the newest one on what is new, or completed, since the last time.
   *
   * @param oldest of what is needed, in ms since the epoch: may become newer while it reads
   */
  read(oldest: () => number): Promise<void>;
  /** Whether older ones were left unread because there are so many. */
  readonly isCutShort: boolean;
}

/** Each is a call, and CloudFront's API allows an account few of them. */
const MOST_INVALIDATIONS = 1_000;

/** @param onRead is told of each that is new, and of each that was in progress when it is completed */
export function invalidationReader(
  client: CloudFrontClient,
  target: Target,
  onRead: (invalidation: Invalidation) => void,
): InvalidationReader {
  const inProgress = new Map<string, Invalidation>();
  const done = new Set<string>();
  let isCutShort = false;

  function take(invalidation: Invalidation): void {
    if (invalidation.isCompleted) {
      inProgress.delete(invalidation.id);
      done.add(invalidation.id);
    } else inProgress.set(invalidation.id, invalidation);
    onRead(invalidation);
  }

  return {
    get isCutShort() {
      return isCutShort;
    },
    async read(oldest) {
      for await (const { id, time, isCompleted } of listInvalidations(client, target)) {
        if (time.latest < oldest()) return;
        if (done.has(id)) continue;
        const known = inProgress.get(id);
        if (known) {
          if (isCompleted) take({ ...known, isCompleted });
          continue;
        }
        if (inProgress.size + done.size >= MOST_INVALIDATIONS) {
          isCutShort = true;
          return;
        }
        const invalidation = await getInvalidation(client, target, id);
        if (invalidation) take({ id, time, ...invalidation });
        else done.add(id);
      }
    },
  };
}

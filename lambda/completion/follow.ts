import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { isCompleted } from '../cloudfront/get-invalidation';
import { isSameTarget, type Target, targetId } from '../contract/target';
import type { Clock, TimeLeft } from '../dispatch/clock';
import type { ReceivedCompletion } from '../event/batch';
import type { AcceptedInvalidation } from '../event/completion';
import type { Telemetry } from '../telemetry/telemetry';
import { completedInvalidation } from './invalidation-event';
import { nextCheck } from './next-check';
import type { PutEvent } from './put-event';
import type { SendLater } from './send-later';

/** Follows accepted invalidations until they are completed, and tells of both. */
export interface Follower {
  /** Never throws: what was accepted is accepted, whether or not anybody is told. */
  announce(invalidation: AcceptedInvalidation, telemetry: Telemetry): Promise<void>;
  /**
   * Looks which invalidations are completed.
   *
   * @returns the ids of the messages that are to be received again
   */
  check(received: readonly ReceivedCompletion[], time: TimeLeft, telemetry: Telemetry): Promise<readonly string[]>;
}

interface Following {
  /** Nothing else is looked at. */
  readonly targets: readonly Target[];
  readonly cloudFront: CloudFrontClient;
  readonly putEvent: PutEvent;
  readonly sendLater: SendLater;
  readonly clock: Clock;
}

/** Of telling that something was accepted, in ms: less than the function keeps for reporting, for it may be last. */
const LONGEST_ANNOUNCEMENT = 1500;

/** Of all checks of an invocation, in ms: the changes of the next batch wait for its end. */
const LONGEST_CHECKS = 5000;

/** At a time. */
const MOST_CHECKS = 20;

/** After so many receives a message is let go, long before it would be a dead letter. */
const MOST_RECEIVES = 10;

export function makeFollower({ targets, cloudFront, putEvent, sendLater, clock }: Following): Follower {
  async function announce(invalidation: AcceptedInvalidation, telemetry: Telemetry): Promise<void> {
    const signal = clock.deadline(LONGEST_ANNOUNCEMENT);
    const [put, sent] = await Promise.allSettled([
      putEvent({ type: 'Invalidation Accepted', detail: invalidation }, signal),
      sendLater(invalidation, nextCheck(0) ?? 0, signal),
    ]);
    if (put.status === 'rejected') telemetry.eventNotSent(invalidation, put.reason);
    if (sent.status === 'rejected') telemetry.notFollowed(invalidation, sent.reason);
  }

  /** @throws Error when it is not known whether it is completed, or when nobody could be told */
  async function checkOne(invalidation: AcceptedInvalidation, signal: AbortSignal, telemetry: Telemetry) {
    const { invalidationId } = invalidation;
    signal.throwIfAborted();
    if (await isCompleted(cloudFront, invalidation, invalidationId, signal)) {
      const detail = completedInvalidation(invalidation, clock.now());
      await putEvent({ type: 'Invalidation Completed', detail }, signal);
      return telemetry.completed(detail);
    }
    const age = (clock.now() - Date.parse(invalidation.accepted)) / 1000;
    const seconds = nextCheck(age);
    if (seconds !== undefined) return sendLater(invalidation, seconds, signal);
    return telemetry.noLongerFollowed(invalidation, `it is not completed ${Math.round(age)} s after it was accepted`);
  }

  return {
    announce,
    async check(received, time, telemetry) {
      const signal = clock.deadline(Math.min(LONGEST_CHECKS, time.left()));
      const toReceiveAgain: string[] = [];
      const groups = Map.groupBy(received, ({ invalidation }) =>
        [targetId(invalidation), invalidation.invalidationId].join(' '),
      ).values();
      const work = async () => {
        // One iterator, and so one queue, for all.
        for (const copies of groups) {
          const [{ invalidation }] = copies as [ReceivedCompletion];
          const receives = Math.max(...copies.map(({ receiveCount }) => receiveCount));
          if (!targets.some((target) => isSameTarget(target, invalidation))) {
            telemetry.noLongerFollowed(invalidation, 'no origin has this distribution, or this tenant');
            continue;
          }
          try {
            await checkOne(invalidation, signal, telemetry);
          } catch (error) {
            if (receives >= MOST_RECEIVES) {
              telemetry.noLongerFollowed(invalidation, `its message was received ${receives} times`, error);
            } else {
              telemetry.checkFailed(invalidation, receives, error);
              toReceiveAgain.push(...copies.map(({ messageId }) => messageId));
            }
          }
        }
      };
      await Promise.all(Array.from({ length: MOST_CHECKS }, work));
      return toReceiveAgain;
    },
  };
}

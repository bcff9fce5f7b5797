import type { Logger } from '@aws-lambda-powertools/logger';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { partition } from './already-covered';
import { backOff } from './back-off';
import { readBatch, type ServedChange } from './batch';
import { type Clock, timeLeft } from './clock';
import type { Configuration } from './configuration';
import { createInvalidation } from './create-invalidation';
import { dryRun } from './dry-run';
import { type Invalidating, invalidate, type Refusals } from './invalidate';
import { logAccepted, logCovered, logDryRun, logIgnored, logPlan, logRefused, logReturned, type Return } from './log';
import type { Memory } from './memory';
import type { KnowingPlan } from './planner';
import { passesLater, toRefusal } from './refusal';
import type { Strain } from './strain';

/** What a handler works with. */
export interface Means {
  readonly configuration: Configuration;
  readonly cloudFront: CloudFrontClient;
  readonly logger: Logger;
  readonly memory: Memory;
  readonly strain: Strain;
  /** Chooses the paths that cover every path of the changes, after so many refusals for the quota in this invocation. */
  readonly plan: (distribution: string, changes: readonly ServedChange[], refusals: number) => Promise<KnowingPlan>;
  readonly clock: Clock;
}

/** Kept of the function's time for reporting, in ms: what CloudFront has not answered by then comes back. */
const TIME_TO_REPORT = 2000;

/** A plan that discards so many unchanged objects keeps its distance to the next such plan: so many ms. */
const WIDE = { discards: 10_000, distance: 46_000 };

/**
 * One batch of messages in, the messages that must come back out, and no others: a malformed message, a path that
 * CloudFront refuses, a distribution out of order hold back only what concerns them.
 *
 * @throws Error when the event is not a batch of SQS messages
 */
export function makeHandler({ configuration, cloudFront, logger, memory, strain, plan, clock }: Means) {
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    logger.addContext(context);
    const records = recordsOf(event);
    const time = timeLeft(clock, context.getRemainingTimeInMillis() - TIME_TO_REPORT);
    const create: Invalidating['create'] = async (request, changes) => {
      const outcome = configuration.dryRun
        ? dryRun(request, clock.now())
        : await createInvalidation(cloudFront, request, time.over);
      if (outcome.kind !== 'accepted') logRefused(logger, request, outcome);
      else {
        const log = configuration.dryRun ? logDryRun : logAccepted;
        log(logger, request, outcome, changes, clock.now());
        memory.remember(request.distribution, request.paths, outcome);
        strain.accepted(request.distribution);
      }
      return outcome;
    };

    const batch = readBatch(records, configuration);
    const returns = new Map<string, Return>();
    for (const { record, why } of batch.ignored) logIgnored(logger, record, why);
    for (const { record, why } of batch.malformed) returns.set(record.messageId, { cause: 'malformed', why });
    await Promise.all(
      Array.from(batch.changes, async ([distribution, changes]) => {
        const { open, covered } = partition(memory, distribution, changes);
        for (const [id, changes] of covered) logCovered(logger, distribution, id, changes);
        const changesOf = Map.groupBy(open, ({ messageId }) => messageId);
        for (const [messageId, { kind, name, message }] of await refusalsOf(distribution, open)) {
          const keys = changesOf.get(messageId)?.map(({ key }) => key) ?? [];
          returns.set(messageId, { cause: kind, why: `${name}: ${message}`, distribution, keys });
        }
      }),
    );

    /** Plans and invalidates. What goes wrong in one distribution, however unforeseen, is no other's matter. */
    async function refusalsOf(distribution: string, open: readonly ServedChange[]): Promise<Refusals> {
      if (open.length === 0) return new Map();
      const messageIds = new Set(open.map((change) => change.messageId));
      try {
        const refusals = await invalidate(
          {
            create,
            plan: (changes, refusals) => choose(distribution, changes, refusals),
            pause: time.pause,
            wait: async (refusal, tries) => {
              const ms = backOff(refusal, tries, strain.isOutOfOrder(distribution));
              if (ms === undefined || ms > time.left()) return false;
              await time.pause(ms);
              return true;
            },
          },
          distribution,
          open,
        );
        if (Array.from(refusals.values()).some(passesLater)) strain.refused(distribution);
        memory.settle(
          distribution,
          [...messageIds].filter((id) => !refusals.has(id)),
        );
        return refusals;
      } catch (error) {
        const refusal = toRefusal(error);
        logger.error('Distribution failed', { distribution, error: error instanceof Error ? error : String(error) });
        return new Map(Array.from(messageIds, (id) => [id, refusal]));
      }
    }

    /** Plans; a wide plan waits until the last one is some time ago, as far as this invocation's time allows. */
    async function choose(distribution: string, changes: readonly ServedChange[], refusals: number) {
      const chosen = await plan(distribution, changes, refusals);
      logPlan(logger, distribution, chosen);
      if (chosen.discarded >= WIDE.discards) {
        const early = strain.lastWidened(distribution) + WIDE.distance - clock.now();
        if (early > 0) await time.pause(Math.min(early, time.left() - TIME_TO_REPORT));
        strain.widened(distribution, clock.now());
      }
      return chosen.paths;
    }

    for (const record of records) {
      const why = returns.get(record.messageId);
      if (why) logReturned(logger, record, why);
    }
    logger.info('Batch handled', {
      messageCount: records.length,
      ignoredCount: batch.ignored.length,
      returnedCount: returns.size,
    });
    return { batchItemFailures: Array.from(returns.keys(), (itemIdentifier) => ({ itemIdentifier })) };
  };
}

function recordsOf(event: Partial<SQSEvent> | null | undefined): SQSRecord[] {
  if (Array.isArray(event?.Records) && event.Records.every((record) => typeof record?.messageId === 'string')) {
    return event.Records;
  }
  throw new Error(`The event must be a batch of SQS messages, but it is ${JSON.stringify(event)?.slice(0, 200)}`);
}

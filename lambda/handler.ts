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
import type { Return } from './log';
import type { Memory } from './memory';
import type { PublishMetrics } from './metrics';
import type { KnowingPlan } from './planner';
import { passesLater, toRefusal } from './refusal';
import { startReport } from './report';
import type { Strain } from './strain';

/** What a handler works with. */
export interface Means {
  readonly configuration: Configuration;
  readonly cloudFront: CloudFrontClient;
  readonly logger: Logger;
  readonly publishMetrics: PublishMetrics;
  readonly memory: Memory;
  readonly strain: Strain;
  /** Chooses the paths that cover every path of the changes, after so many refusals for the quota in this invocation. */
  readonly plan: (distribution: string, changes: readonly ServedChange[], refusals: number) => Promise<KnowingPlan>;
  readonly clock: Clock;
}

/** Kept of the function's time for reporting, in ms: what CloudFront has not answered by then comes back. */
const TIME_TO_REPORT = 2000;

/** Kept of it for asking CloudFront, in ms, where a plan could wait longer. */
const TIME_TO_ASK = 2000;

/**
 * One batch of messages in, the messages that must come back out, and no others: a malformed message, a path that
 * CloudFront refuses, a distribution out of order hold back only what concerns them.
 *
 * @throws Error when the event is not a batch of SQS messages
 */
export function makeHandler(means: Means) {
  const { configuration, cloudFront, logger, publishMetrics, memory, strain, plan, clock } = means;
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    logger.addContext(context);
    const records = recordsOf(event);
    const report = startReport(logger, publishMetrics, configuration.dryRun === true);
    const time = timeLeft(clock, context.getRemainingTimeInMillis() - TIME_TO_REPORT);
    const create: Invalidating['create'] = async (request, changes) => {
      const outcome = configuration.dryRun
        ? dryRun(request, clock.now())
        : await createInvalidation(cloudFront, request, time.over);
      if (outcome.kind !== 'accepted') report.refused(request, outcome);
      else {
        report.accepted(request, outcome, changes, clock.now());
        memory.remember(request.distribution, request.paths, outcome);
        strain.accepted(request.distribution);
      }
      return outcome;
    };

    const batch = readBatch(records, configuration);
    report.received(records, batch);
    const returns = new Map<string, Return>();
    for (const { record, why } of batch.malformed) returns.set(record.messageId, { cause: 'malformed', why });
    await Promise.all(
      Array.from(batch.changes, async ([distribution, changes]) => {
        const { open, covered } = partition(memory, distribution, changes);
        report.covered(distribution, covered);
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
              await waitFor(distribution, ms, refusal.name);
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
        report.failed(distribution, error);
        return new Map(Array.from(messageIds, (id) => [id, refusal]));
      }
    }

    /** Plans, and lets a plan wait that would come too early, as long as this invocation's time allows. */
    async function choose(distribution: string, changes: readonly ServedChange[], refusals: number) {
      const chosen = await plan(distribution, changes, refusals);
      report.planned(distribution, chosen);
      const early = strain.tooEarlyBy(distribution, chosen.discarded, clock.now());
      if (early > 0) await waitFor(distribution, Math.min(early, time.left() - TIME_TO_ASK), 'WideTooEarly');
      strain.asked(distribution, chosen.discarded, clock.now());
      return chosen.paths;
    }

    async function waitFor(distribution: string, ms: number, why: string): Promise<void> {
      if (ms <= 0) return;
      report.waiting(distribution, ms, why);
      await time.pause(ms);
    }

    for (const record of records) {
      const why = returns.get(record.messageId);
      if (why) report.returned(record, why);
    }
    report.handled();
    return { batchItemFailures: Array.from(returns.keys(), (itemIdentifier) => ({ itemIdentifier })) };
  };
}

function recordsOf(event: Partial<SQSEvent> | null | undefined): SQSRecord[] {
  if (Array.isArray(event?.Records) && event.Records.every((record) => typeof record?.messageId === 'string')) {
    return event.Records;
  }
  throw new Error(`The event must be a batch of SQS messages, but it is ${JSON.stringify(event)?.slice(0, 200)}`);
}

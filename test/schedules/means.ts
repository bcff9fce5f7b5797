import type { Logger } from '@aws-lambda-powertools/logger';
import type { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import type { Configuration } from '../../lambda/configuration';
import type { Dependencies } from '../../lambda/dependencies';
import { makeRecentInvalidations } from '../../lambda/dispatch/recent-invalidations';
import { makeStrain, type Strain } from '../../lambda/dispatch/strain';
import { planWithInventory } from '../../lambda/plan/plan';
import type { Call } from './cloudfront';
import type { Scenario } from './scenario';
import { sdkError } from './sdk-error';
import { type Answer, type KnownPath, SETTLED } from './state';

/** The beginning of the order of events, in ms since the epoch, as CloudFront and the function see it. */
export const EPOCH = Date.parse('2026-11-23T08:00:00Z');

/** A call that waits for its answer. */
export interface WaitingCall extends Call {
  settle(answer: Answer): void;
}

/** What the handler works with, and what can be seen and steered of it from outside. */
export interface Stage {
  readonly means: Dependencies;
  readonly waiting: WaitingCall[];
  /** All that was ever remembered. */
  readonly known: KnownPath[];
  pauses: number;
  /** In ms: this passes for the invocation alone. */
  waited: number;
  now: number;
}

const SILENT = { addContext() {}, debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger;

/** A client in the place of the SDK's, the real memory with what it held, the real planner, a clock that is set. */
export function makeStage(
  configuration: Configuration,
  { strained, refetchesPerPath }: Scenario,
  held: readonly KnownPath[],
  now: number,
): Stage {
  const deadline = new AbortController();
  const memory = makeRecentInvalidations();
  for (const { distribution, path, createTime } of held) {
    if (path.startsWith(SETTLED)) memory.settle(distribution, [path.slice(SETTLED.length)]);
    else memory.remember(distribution, [path], { invalidationId: 'I', createTime: EPOCH + createTime });
  }

  function send({ input }: CreateInvalidationCommand): Promise<unknown> {
    const { DistributionId: distribution = '', InvalidationBatch: batch } = input;
    const { CallerReference: reference = '', Paths: { Items: paths = [] } = {} } = batch ?? {};
    return new Promise((resolve, reject) => {
      const settle = (answer: Answer) => {
        if (answer.kind === 'failed') {
          if (answer.error === 'AbortError') deadline.abort();
          return reject(sdkError(answer.error));
        }
        const CreateTime = new Date(EPOCH + answer.createTime);
        resolve({ Invalidation: { Id: 'I', Status: 'InProgress', CreateTime } });
      };
      stage.waiting.push({ distribution, reference, paths, settle });
    });
  }

  const stage: Stage = {
    waiting: [],
    known: [...held],
    pauses: 0,
    waited: 0,
    now,
    means: {
      configuration,
      cloudFront: { send } as unknown as CloudFrontClient,
      logger: SILENT,
      publishMetrics() {},
      memory: {
        ...memory,
        settle(distribution, messageIds) {
          const ids = [...messageIds];
          memory.settle(distribution, ids);
          stage.known.push(...ids.map((id) => ({ distribution, path: SETTLED + id, createTime: 0 })));
        },
        remember(distribution, paths, invalidation) {
          memory.remember(distribution, paths, invalidation);
          const createTime = invalidation.createTime - EPOCH;
          stage.known.push(...paths.map((path) => ({ distribution, path, createTime })));
        },
      },
      strain: strainOf(configuration, strained, EPOCH + now),
      plan: (_, changes, options) =>
        planWithInventory(changes, { ...options, ...(refetchesPerPath && { refetchesPerPath }) }),
      clock: {
        now: () => EPOCH + stage.now + stage.waited,
        deadline: () => deadline.signal,
        pause: async (ms) => {
          stage.pauses++;
          stage.waited += ms;
        },
      },
    },
  };
  return stage;
}

/** What the invocations before have left behind. */
function strainOf({ origins }: Configuration, strained: Scenario['strained'], now: number): Strain {
  const strain = makeStrain(() => 0);
  for (const { distribution } of origins) {
    if (strained === 'out of order') for (const _ of 'ab') strain.refused(distribution, false, now);
    if (strained !== 'scarce') continue;
    const wide = { evicted: 0, guessed: true, paths: ['/*'] };
    strain.asks(distribution, wide);
    strain.refused(distribution, true, now);
    strain.accepted(distribution, wide.paths, now);
  }
  return strain;
}

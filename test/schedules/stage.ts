import type { Logger } from '@aws-lambda-powertools/logger';
import type { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import type { Configuration } from '../../lambda/configuration';
import type { Dependencies } from '../../lambda/dependencies';
import type { dynamoDBLedgerStore } from '../../lambda/dispatch/dynamodb-ledger-store';
import type { makeSingleWriter } from '../../lambda/dispatch/single-writer';
import type { makeHandler } from '../../lambda/handler';
import type { CloudFrontCall } from './cloudfront';
import { dynamoDBClient } from './dynamodb';
import { EPOCH, type Facts, factsOf, ledgerOf } from './facts';
import type { LedgerCall } from './ledger-table';
import type { Scenario } from './scenario';
import { sdkError } from './sdk-error';
import type { Answer, Environment, LedgerAnswer } from './state';

/** The function under test, and what it is made of. */
export interface Subject {
  readonly makeHandler: typeof makeHandler;
  readonly makeSingleWriter: typeof makeSingleWriter;
  readonly dynamoDBLedgerStore: typeof dynamoDBLedgerStore;
}

/** A call of the function. */
export type Call = CloudFrontCall | LedgerCall;

/** A call that waits for its answer. */
export interface WaitingCall {
  readonly call: Call;
  settle(answer: Answer): void;
}

/** What the handler works with, and what can be seen and steered of it from outside. */
export interface Stage {
  readonly dependencies: Dependencies;
  readonly waiting: WaitingCall[];
  /** How often it paused for a second since the last answer. */
  pauses: number;
  /** By the order of events. */
  now: number;
  /** What the writer remembers by now. */
  memory(): Environment['memory'];
}

const SECOND = 1000;

const SILENT = { addContext() {}, debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger;

/** Clients in the place of the SDK's, the real writer with what it remembered, a clock that is set. */
export function makeStage(
  { makeSingleWriter, dynamoDBLedgerStore }: Subject,
  configuration: Configuration,
  { ledger }: Pick<Scenario, 'ledger'>,
  { memory, clockSkew }: Environment,
): Stage {
  const deadline = new AbortController();
  /** In ms: this passes for the invocation alone. */
  let waited = 0;
  const known = new Map(Object.entries(memory).map(([distribution, facts]) => [distribution, ledgerOf(facts)]));

  /** Any call: the answer is given from outside. */
  function waitFor(call: Call): Promise<Answer & { kind: Exclude<Answer['kind'], 'failed'> }> {
    return new Promise((resolve, reject) => {
      const settle = (answer: Answer) => {
        if (answer.kind !== 'failed') return resolve(answer);
        if (answer.error === 'AbortError') deadline.abort();
        reject(sdkError(answer.error));
      };
      stage.waiting.push({ call, settle });
    });
  }

  async function createInvalidation({ input }: CreateInvalidationCommand): Promise<unknown> {
    const { DistributionId: distribution = '', InvalidationBatch: batch } = input;
    const { CallerReference: reference = '', Paths: { Items: paths = [] } = {} } = batch ?? {};
    const answer = await waitFor({ kind: 'create', distribution, reference, paths });
    const createTime = answer.kind === 'accepted' ? answer.createTime : Number.NaN;
    return { Invalidation: { Id: `I${reference}`, Status: 'InProgress', CreateTime: new Date(EPOCH + createTime) } };
  }

  const clock: Dependencies['clock'] = {
    now: () => EPOCH + stage.now + waited + clockSkew,
    deadline: () => deadline.signal,
    pause: async (ms) => {
      if (ms >= SECOND) stage.pauses++;
      waited += ms;
    },
  };
  const client = dynamoDBClient((call) => waitFor(call) as Promise<LedgerAnswer>);
  const store = ledger ? dynamoDBLedgerStore(client, 'ledger') : undefined;
  const stage: Stage = {
    waiting: [],
    pauses: 0,
    now: 0,
    memory: () => factsByDistribution(known),
    dependencies: {
      configuration,
      cloudFront: { send: createInvalidation } as unknown as CloudFrontClient,
      listObjects: () => Promise.reject(new Error('No bucket is modelled')),
      writer: makeSingleWriter(store, clock, known),
      logger: SILENT,
      publishMetrics() {},
      clock,
    },
  };
  return stage;
}

function factsByDistribution(known: ReadonlyMap<string, Parameters<typeof factsOf>[0]>): Record<string, Facts> {
  const facts: Record<string, Facts> = {};
  for (const distribution of [...known.keys()].sort()) {
    const each = factsOf(known.get(distribution) as Parameters<typeof factsOf>[0]);
    if (each) facts[distribution] = each;
  }
  return facts;
}

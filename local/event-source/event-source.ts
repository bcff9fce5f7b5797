import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { InvocationResult } from '../execution-environment/execution-environment';
import type { EventSourceModel, QueueModel } from '../template/stack-model';
import { type BatchOutcome, readBatchResponse } from './batch-response';
import { createPollers, MAX_RECEIVED, POLLERS } from './pollers';
import { toEvent, toRecord } from './sqs-event';

/** An invocation: its beginning, and what became of its messages. Times are milliseconds. */
export type EventSourceEvent =
  | {
      readonly kind: 'invoked';
      readonly records: readonly SQSRecord[];
      readonly at: number;
      /** Of the invocation, as its log names it. */
      readonly requestId: string;
    }
  | ({ readonly kind: 'processed'; readonly records: readonly SQSRecord[]; readonly at: number } & BatchOutcome);

export interface EventSourceOptions {
  readonly sqs: SQSClient;
  readonly queue: QueueModel;
  readonly mapping: EventSourceModel;
  readonly invoke: (event: SQSEvent, requestId: string) => Promise<InvocationResult>;
  readonly onEvent: (event: EventSourceEvent) => void;
  /** Which poller gets what a long poll returns. @default Math.random */
  readonly random?: () => number;
}

export interface EventSource {
  close(): Promise<void>;
}

/** Calls of DeleteMessageBatch at the same time. */
const DELETING = 5;

/** Lambda's event source for a queue: polls, gathers batches, invokes, and deletes what the function has settled. */
export function startEventSource(options: EventSourceOptions): EventSource {
  const { sqs, queue, mapping, invoke, onEvent, random = Math.random } = options;
  const pollers = createPollers<SQSRecord>({
    batchSize: mapping.batchSize,
    maxBatchingWindow: mapping.maxBatchingWindow * 1_000,
    maximumConcurrency: mapping.maximumConcurrency,
    sizeOf: (record) => Buffer.byteLength(JSON.stringify(record)) + 1,
  });
  const closing = new AbortController();
  const polls = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  /** Begins what can begin now: the batches that are due, and a long poll for each poller that receives. */
  function proceed(): void {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    for (const { poller, messages } of pollers.start(Date.now())) {
      void processBatch(messages).finally(() => {
        pollers.finish(poller);
        proceed();
      });
    }
    for (let more = pollers.receiving(Date.now()).length - polls.size; more > 0; more--) {
      const poll = receive().then((records) => {
        polls.delete(poll);
        if (!closing.signal.aborted && records.length > 0) share(records);
        proceed();
      });
      polls.add(poll);
    }
    const next = pollers.nextClose();
    if (next !== undefined) timer = setTimeout(proceed, Math.max(0, next - Date.now()));
  }

  /** Which long poll SQS answers is left to chance. The answer may come when all batches have closed, and then begins the next. */
  function share(records: readonly SQSRecord[]): void {
    const now = Date.now();
    const choices = [pollers.receiving(now, records.length), pollers.receiving(now), [...Array(POLLERS).keys()]];
    const [open = []] = choices.filter((choice) => choice.length > 0);
    pollers.add(open[Math.floor(random() * open.length)] ?? 0, records, now);
  }

  async function receive(): Promise<SQSRecord[]> {
    try {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: Math.min(MAX_RECEIVED, mapping.batchSize),
          WaitTimeSeconds: 20,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
        { abortSignal: closing.signal },
      );
      return Messages.map((message) => toRecord(message, queue.arn));
    } catch {
      // Polling goes on for as long as the mapping exists, as Lambda's does.
      if (!closing.signal.aborted) await delay(1_000, undefined, { signal: closing.signal }).catch(() => {});
      return [];
    }
  }

  async function processBatch(records: readonly SQSRecord[]): Promise<void> {
    const requestId = randomUUID();
    onEvent({ kind: 'invoked', records, at: Date.now(), requestId });
    const result = await invoke(toEvent(records), requestId);
    if (closing.signal.aborted) return;
    const outcome = readBatchResponse(result, records, mapping.reportBatchItemFailures);
    await deleteMessages(outcome.deleted);
    onEvent({ kind: 'processed', ...outcome, records, at: Date.now() });
  }

  async function deleteMessages(records: readonly SQSRecord[]): Promise<void> {
    const calls = Array.from({ length: Math.ceil(records.length / 10) }, (_, n) => records.slice(10 * n, 10 * n + 10));
    const deleteNext = async (): Promise<void> => {
      for (let call = calls.pop(); call; call = calls.pop()) {
        const Entries = call.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
      }
    };
    // What could not be deleted is received again, as from Lambda.
    await Promise.allSettled(Array.from({ length: DELETING }, deleteNext));
  }

  proceed();
  return {
    async close() {
      closing.abort();
      clearTimeout(timer);
      await Promise.all(polls);
    },
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { InvocationResult } from '../execution-environment/execution-environment';
import type { EventSourceModel, QueueModel } from '../template/stack-model';
import { createBatchBuffer } from './batch-buffer';
import { type BatchOutcome, readBatchResponse } from './batch-response';
import { toEvent, toRecord } from './sqs-event';

/** An invocation: its beginning, and what became of its messages. Times are milliseconds. */
export type EventSourceEvent =
  | { readonly kind: 'invoked'; readonly records: readonly SQSRecord[]; readonly at: number }
  | ({ readonly kind: 'processed'; readonly records: readonly SQSRecord[]; readonly at: number } & BatchOutcome);

export interface EventSourceOptions {
  readonly sqs: SQSClient;
  readonly queue: QueueModel;
  readonly mapping: EventSourceModel;
  readonly invoke: (event: SQSEvent) => Promise<InvocationResult>;
  readonly onEvent: (event: EventSourceEvent) => void;
}

export interface EventSource {
  close(): Promise<void>;
}

/** As many long polls at once as Lambda begins with. */
const POLLERS = 5;

/** Lambda's event source for a queue: polls, gathers batches, invokes, and deletes what the function has settled. */
export function startEventSource({ sqs, queue, mapping, invoke, onEvent }: EventSourceOptions): EventSource {
  const limits = { batchSize: mapping.batchSize, batchingWindow: mapping.batchingWindow * 1_000 };
  const buffer = createBatchBuffer(limits);
  const closing = new AbortController();
  const invocations = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let paused = false;
  let room = Promise.resolve();
  let resumePolling = () => {};

  async function poll(): Promise<void> {
    while (!closing.signal.aborted) {
      await room;
      const messages = await receive();
      if (closing.signal.aborted || messages.length === 0) continue;
      buffer.add(messages, Date.now());
      dispatch();
    }
  }

  async function receive(): Promise<SQSRecord[]> {
    try {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: 10,
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

  /** Invokes for every batch that is due, as far as the concurrency allows; comes back when the next one is. */
  function dispatch(): void {
    clearTimeout(timer);
    while (invocations.size < mapping.maximumConcurrency && !closing.signal.aborted) {
      const dueIn = buffer.dueIn(Date.now());
      if (dueIn === undefined) break;
      if (dueIn > 0) {
        timer = setTimeout(dispatch, dueIn);
        break;
      }
      const invocation = processBatch(buffer.take(Date.now())).finally(() => {
        invocations.delete(invocation);
        dispatch();
      });
      invocations.add(invocation);
    }
    if (buffer.isFull()) pausePolling();
    else resumePolling();
  }

  function pausePolling(): void {
    if (paused) return;
    paused = true;
    room = new Promise((resolve) => {
      resumePolling = () => {
        paused = false;
        resolve();
      };
    });
  }

  async function processBatch(records: SQSRecord[]): Promise<void> {
    onEvent({ kind: 'invoked', records, at: Date.now() });
    const result = await invoke(toEvent(records));
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
    // What could not be deleted comes back, as from Lambda.
    await Promise.allSettled(Array.from({ length: POLLERS }, deleteNext));
  }

  const pollers = Array.from({ length: POLLERS }, poll);
  return {
    async close() {
      closing.abort();
      clearTimeout(timer);
      resumePolling();
      await Promise.all(pollers);
    },
  };
}

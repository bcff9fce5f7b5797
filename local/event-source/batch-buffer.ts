import type { SQSRecord } from 'aws-lambda';

/** When a batch is complete: at whichever of these comes first. */
export interface BatchLimits {
  readonly batchSize: number;
  /** Milliseconds since the first message. */
  readonly batchingWindow: number;
}

/** The most that Lambda hands to one invocation, in bytes. */
export const MAX_PAYLOAD = 6 * 1_024 * 1_024;

/** Messages that were received and wait to become a batch. */
export interface BatchBuffer {
  add(records: readonly SQSRecord[], now: number): void;
  /** Whether a batch can be made of what is held without waiting for its window: there is no use in receiving more. */
  isFull(): boolean;
  /** Milliseconds until a batch is due; 0: it is. Undefined: nothing is held. */
  dueIn(now: number): number | undefined;
  /** Takes the oldest messages out, as many as one invocation may get; the window of what is left begins anew. */
  take(now: number): SQSRecord[];
}

/** An empty buffer. */
export function createBatchBuffer({ batchSize, batchingWindow }: BatchLimits): BatchBuffer {
  let held: { readonly record: SQSRecord; readonly bytes: number }[] = [];
  let bytes = 0;
  let windowBegan = 0;
  const isFull = () => held.length >= batchSize || bytes >= MAX_PAYLOAD;
  return {
    isFull,
    add(records, now) {
      if (held.length === 0) windowBegan = now;
      for (const record of records) {
        const size = Buffer.byteLength(JSON.stringify(record)) + 1;
        held.push({ record, bytes: size });
        bytes += size;
      }
    },
    dueIn(now) {
      if (held.length === 0) return undefined;
      return isFull() ? 0 : Math.max(0, windowBegan + batchingWindow - now);
    },
    take(now) {
      let taken = 0;
      let payload = EMPTY_EVENT;
      for (const { bytes: size } of held) {
        if (taken === batchSize || (taken > 0 && payload + size > MAX_PAYLOAD)) break;
        payload += size;
        taken += 1;
      }
      const batch = held.slice(0, taken);
      held = held.slice(taken);
      bytes = held.reduce((sum, each) => sum + each.bytes, 0);
      windowBegan = now;
      return batch.map((each) => each.record);
    },
  };
}

const EMPTY_EVENT = '{"Records":[]}'.length;

import type { SQSRecord } from 'aws-lambda';
import { createPollers, MAX_PAYLOAD, type Pollers } from '../../local/event-source/pollers';
import { toEvent, toRecord } from '../../local/event-source/sqs-event';

const limits = { batchSize: 4, maxBatchingWindow: 1_000, maximumConcurrency: 2 };

/** The batches that begin at a time, each with its poller. */
function startedAt(now: number, pollers: Pollers<string>): string[] {
  return pollers.start(now).map(({ poller, messages }) => `${poller}: ${messages.join(' ')}`);
}

test('five pollers receive, ten messages at once at most', () => {
  const pollers = createPollers<string>({ ...limits, batchSize: 12 });
  expect(pollers.receiving(0)).toEqual([0, 1, 2, 3, 4]);
  expect(pollers.room(3, 0)).toBe(10);
  pollers.add(3, Array(10).fill('m'), 0);
  expect(pollers.room(3, 0)).toBe(2);
  expect(pollers.receiving(0, 3)).toEqual([0, 1, 2, 4]);
});

test('a batch closes when the window since its own first message ends', () => {
  const pollers = createPollers<string>(limits);
  expect(pollers.nextClose()).toBeUndefined();
  pollers.add(0, ['a'], 100);
  pollers.add(1, ['b'], 600);
  pollers.add(0, ['c'], 900);
  expect(pollers.nextClose()).toBe(1_100);
  expect(startedAt(1_099, pollers)).toEqual([]);
  expect(startedAt(1_100, pollers)).toEqual(['0: a c']);
  expect(pollers.nextClose()).toBe(1_600);
  expect(startedAt(1_600, pollers)).toEqual(['1: b']);
});

test('a batch closes at once when it has as many messages as it may', () => {
  const pollers = createPollers<string>(limits);
  pollers.add(0, ['a', 'b', 'c', 'd'], 100);
  expect(pollers.room(0, 100)).toBe(0);
  expect(startedAt(100, pollers)).toEqual(['0: a b c d']);
});

test('a batch never exceeds its size; what a poller has received beyond it begins another', () => {
  const pollers = createPollers<string>(limits);
  pollers.add(0, ['a', 'b', 'c'], 0);
  pollers.add(0, ['d', 'e', 'f'], 100);
  expect(startedAt(100, pollers)).toEqual(['0: a b c d']);
  pollers.finish(0);
  expect(pollers.nextClose()).toBe(1_100);
  expect(startedAt(1_100, pollers)).toEqual(['0: e f']);
});

test('a closed batch waits until one of those that are handled ends; the one that closed first is the next', () => {
  const pollers = createPollers<string>(limits);
  pollers.add(4, ['a'], 0);
  pollers.add(3, ['b'], 1);
  pollers.add(2, ['c'], 2);
  pollers.add(0, ['d'], 3);
  pollers.add(1, ['e', 'f', 'g', 'h'], 4);
  expect(startedAt(1_003, pollers)).toEqual(['1: e f g h', '4: a']);
  // Nothing to wake up for but the end of a batch.
  expect(pollers.nextClose()).toBeUndefined();
  expect(pollers.held).toBe(3);
  pollers.finish(4);
  expect(pollers.nextClose()).toBe(1_001);
  expect(startedAt(1_500, pollers)).toEqual(['3: b']);
  pollers.finish(1);
  pollers.finish(3);
  expect(startedAt(1_500, pollers)).toEqual(['2: c', '0: d']);
});

test('a poller receives nothing from the close of its batch to the end of its handling', () => {
  const pollers = createPollers<string>(limits);
  pollers.add(0, ['a'], 0);
  expect(pollers.receiving(999)).toEqual([0, 1, 2, 3, 4]);
  expect(pollers.receiving(1_000)).toEqual([1, 2, 3, 4]);
  pollers.start(1_000);
  expect(pollers.receiving(2_000)).toEqual([1, 2, 3, 4]);
  pollers.finish(0);
  expect(pollers.receiving(2_000)).toEqual([0, 1, 2, 3, 4]);
});

test('what a long poll brings while a closed batch waits joins it', () => {
  const pollers = createPollers<string>({ ...limits, maximumConcurrency: 1 });
  pollers.add(1, ['a', 'b', 'c', 'd'], 0);
  pollers.start(0);
  pollers.add(0, ['e'], 0);
  pollers.add(0, ['f'], 1_001);
  pollers.finish(1);
  expect(startedAt(1_001, pollers)).toEqual(['0: e f']);
});

test('what a long poll brings while a batch is handled begins the next one, with a window of its own', () => {
  const pollers = createPollers<string>(limits);
  pollers.add(0, ['a'], 0);
  pollers.start(1_000);
  pollers.add(0, ['b'], 1_200);
  pollers.finish(0);
  expect(pollers.nextClose()).toBe(2_200);
  expect(startedAt(2_199, pollers)).toEqual([]);
  expect(startedAt(2_200, pollers)).toEqual(['0: b']);
});

test('a batch never exceeds the payload of an invocation; what is left begins another', () => {
  const records = Array.from({ length: 30 }, (_, index) => {
    return toRecord({ MessageId: `m${index}`, Body: 'x'.repeat(250_000) }, 'arn:aws:sqs:us-east-1:000000000000:queue');
  });
  const sizeOf = (record: SQSRecord) => Buffer.byteLength(JSON.stringify(record)) + 1;
  const pollers = createPollers({ ...limits, batchSize: 10_000, maxBatchingWindow: 300_000, sizeOf });
  pollers.add(0, records, 0);
  const [batch] = pollers.start(0);
  expect(batch?.messages).toEqual(records.slice(0, 25));
  expect(Buffer.byteLength(JSON.stringify(toEvent(batch?.messages ?? [])))).toBeLessThanOrEqual(MAX_PAYLOAD);
  pollers.finish(0);
  expect(pollers.start(299_999)).toEqual([]);
  expect(pollers.start(300_000)).toEqual([{ poller: 0, messages: records.slice(25) }]);
});

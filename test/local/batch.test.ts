import type { SQSRecord } from 'aws-lambda';
import { createBatchBuffer, MAX_PAYLOAD } from '../../local/event-source/batch-buffer';
import { readBatchResponse } from '../../local/event-source/batch-response';
import { toEvent, toRecord } from '../../local/event-source/sqs-event';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:queue';

function makeRecord(messageId: string, body = ''): SQSRecord {
  return toRecord({ MessageId: messageId, Body: body }, QUEUE);
}

function makeRecords(count: number, body = ''): SQSRecord[] {
  return Array.from({ length: count }, (_, index) => makeRecord(`m${index}`, body));
}

describe('a batch', () => {
  const limits = { batchSize: 4, batchingWindow: 1_000 };

  test('is due when the window since its first message ends', () => {
    const buffer = createBatchBuffer(limits);
    expect(buffer.dueIn(0)).toBeUndefined();
    buffer.add(makeRecords(1), 100);
    buffer.add(makeRecords(1), 900);
    expect(buffer.dueIn(900)).toBe(200);
    expect(buffer.dueIn(1_100)).toBe(0);
    expect(buffer.take(1_100)).toHaveLength(2);
    expect(buffer.dueIn(1_100)).toBeUndefined();
  });

  test('is due at once when it has as many messages as it may', () => {
    const buffer = createBatchBuffer(limits);
    buffer.add(makeRecords(10), 0);
    expect(buffer.isFull()).toBe(true);
    expect(buffer.dueIn(0)).toBe(0);
    expect(buffer.take(0).map(({ messageId }) => messageId)).toEqual(['m0', 'm1', 'm2', 'm3']);
    expect(buffer.take(0)).toHaveLength(4);
    expect(buffer.isFull()).toBe(false);
    expect(buffer.dueIn(500)).toBe(500);
  });

  test('never exceeds the payload of an invocation', () => {
    const buffer = createBatchBuffer({ batchSize: 10_000, batchingWindow: 300_000 });
    buffer.add(makeRecords(30, 'x'.repeat(250_000)), 0);
    expect(buffer.dueIn(0)).toBe(0);
    const batch = buffer.take(0);
    expect(batch).toHaveLength(25);
    expect(Buffer.byteLength(JSON.stringify(toEvent(batch)))).toBeLessThanOrEqual(MAX_PAYLOAD);
    expect(buffer.take(0)).toHaveLength(5);
  });
});

describe("a function's response", () => {
  const records = makeRecords(3);
  const ids = (some: readonly SQSRecord[]) => some.map(({ messageId }) => messageId);
  const read = (response: unknown, report = true) => readBatchResponse({ kind: 'response', response }, records, report);

  test.each([[null], [{}], [{ batchItemFailures: null }], [{ batchItemFailures: [] }]])(
    '%j settles all',
    (response) => {
      expect(ids(read(response).deleted)).toEqual(['m0', 'm1', 'm2']);
    },
  );

  test('settles what is not among its failures', () => {
    const outcome = read({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(ids(outcome.deleted)).toEqual(['m0', 'm2']);
    expect(ids(outcome.returned)).toEqual(['m1']);
    expect(outcome.failure).toBeUndefined();
  });

  test.each([
    [{ batchItemFailures: [{ itemIdentifier: '' }] }],
    [{ batchItemFailures: [{ itemIdentifier: null }] }],
    [{ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'unknown' }] }],
    [{ batchItemFailures: [{ id: 'm1' }] }],
    [{ batchItemFailures: [null] }],
    [{ batchItemFailures: 'm1' }],
    ['done'],
  ])('%j settles nothing', (response) => {
    const outcome = read(response);
    expect(outcome.deleted).toEqual([]);
    expect(ids(outcome.returned)).toEqual(['m0', 'm1', 'm2']);
    expect(outcome.failure).toEqual(expect.any(String));
  });

  test('is not looked at where the mapping does not report failures', () => {
    expect(ids(read({ batchItemFailures: [{ itemIdentifier: 'm1' }] }, false).deleted)).toEqual(['m0', 'm1', 'm2']);
  });

  test('that is an error settles nothing', () => {
    const error = { kind: 'error', errorType: 'TypeError', errorMessage: 'no' } as const;
    expect(readBatchResponse(error, records, true)).toEqual({
      deleted: [],
      returned: records,
      failure: 'TypeError: no',
    });
  });
});

test('a message reaches the function as Lambda hands it over', () => {
  const message = {
    MessageId: 'm',
    ReceiptHandle: 'r',
    Body: 'b',
    MD5OfBody: '92eb5ffee6ae2fec3ad71c777531578f',
    Attributes: {
      ApproximateReceiveCount: '2',
      SentTimestamp: '1',
      SenderId: 'S3',
      ApproximateFirstReceiveTimestamp: '2',
    },
    MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
  };
  expect(toRecord(message, QUEUE)).toEqual({
    messageId: 'm',
    receiptHandle: 'r',
    body: 'b',
    attributes: message.Attributes,
    messageAttributes: { n: { dataType: 'Number', stringValue: '1', stringListValues: [], binaryListValues: [] } },
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: QUEUE,
    awsRegion: 'us-east-1',
  });
});

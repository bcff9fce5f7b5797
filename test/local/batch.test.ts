import type { SQSRecord } from 'aws-lambda';
import { readBatchResponse } from '../../local/event-source/batch-response';
import { toRecord } from '../../local/event-source/sqs-event';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:queue';

function makeRecord(messageId: string): SQSRecord {
  return toRecord({ MessageId: messageId, Body: '' }, QUEUE);
}

function makeRecords(count: number): SQSRecord[] {
  return Array.from({ length: count }, (_, index) => makeRecord(`m${index}`));
}

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

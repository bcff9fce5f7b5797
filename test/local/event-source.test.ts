import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { type EventSource, startEventSource } from '../../local/event-source/event-source';
import type { InvocationResult } from '../../local/execution-environment/execution-environment';
import { type LocalS3AndSqs, startS3AndSqs } from '../../local/s3-sqs/start';
import type { EventSourceModel } from '../../local/template/stack-model';

jest.setTimeout(30_000);

let aws: LocalS3AndSqs;
let sqs: SQSClient;
let eventSource: EventSource | undefined;

beforeAll(async () => {
  aws = await startS3AndSqs(0);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  sqs = new SQSClient({ endpoint: aws.url, region: 'us-east-1', credentials });
});

afterEach(() => eventSource?.close());

afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

const DEFAULTS: EventSourceModel = {
  queueArn: '',
  functionName: '',
  batchSize: 10_000,
  maxBatchingWindow: 1,
  maximumConcurrency: 2,
  reportBatchItemFailures: true,
};

/** Seconds: longer than any window here, and than a busy machine takes to handle a batch. */
const VISIBILITY_TIMEOUT = 5;

/** Chance that passes over nobody. */
function inTurn(): () => number {
  let turn = 0;
  return () => (turn++ * 0.618) % 1;
}

/** A queue with messages, a function, and the mapping between them; what the function got, batch by batch. */
async function deliver(
  name: string,
  messages: number,
  mapping: Partial<EventSourceModel>,
  invoke: (event: SQSEvent) => Promise<InvocationResult>,
) {
  const url = `${aws.url}/000000000000/${name}`;
  await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: String(VISIBILITY_TIMEOUT) } }),
  );
  for (let from = 0; from < messages; from += 10) {
    const Entries = Array.from({ length: Math.min(10, messages - from) }, (_, index) => ({
      Id: String(index),
      MessageBody: `message ${from + index}`,
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  }
  const batches: SQSEvent['Records'][] = [];
  eventSource = startEventSource({
    sqs,
    queue: { name, url, arn: `arn:aws:sqs:us-east-1:000000000000:${name}`, attributes: {} },
    mapping: { ...DEFAULTS, ...mapping },
    async invoke(event) {
      batches.push(event.Records);
      return invoke(event);
    },
    onEvent: () => {},
    random: inTurn(),
  });
  return {
    url,
    batches,
    async empty(): Promise<void> {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      for (;;) {
        const { Attributes = {} } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] }),
        );
        if (AttributeNames.every((attribute) => Attributes[attribute] === '0')) return;
        await delay(50);
      }
    },
  };
}

const success = async (): Promise<InvocationResult> => ({ kind: 'response', response: { batchItemFailures: [] } });

const sizes = (batches: readonly SQSEvent['Records'][]) => batches.map(({ length }) => length);

test('shares what comes within the window among five pollers, each with a batch of its own', async () => {
  const { batches, empty } = await deliver('window', 95, { maxBatchingWindow: 3 }, success);
  await empty();
  expect(sizes(batches)).toHaveLength(5);
  expect(batches.flat()).toHaveLength(95);
});

test('shares a burst of a few messages, sent one by one', async () => {
  const { url, batches, empty } = await deliver('burst', 0, { maxBatchingWindow: 1 }, success);
  for (const MessageBody of 'abcdefghij') await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
  await empty();
  expect(batches.length).toBeGreaterThan(1);
  expect(batches.length).toBeLessThanOrEqual(5);
});

test('gathers no more than a batch may hold', async () => {
  const { batches, empty } = await deliver('size', 200, { batchSize: 30, maxBatchingWindow: 3 }, success);
  await empty();
  expect(Math.max(...sizes(batches))).toBe(30);
  expect(batches.flat()).toHaveLength(200);
});

test('invokes as often at the same time as it may, and no more', async () => {
  let running = 0;
  let most = 0;
  const { empty } = await deliver('concurrency', 60, { batchSize: 10, maxBatchingWindow: 0 }, async () => {
    running += 1;
    most = Math.max(most, running);
    // Until another one is running, too: the last of them waits in vain.
    for (let waited = 0; running < 2 && waited < 20; waited++) await delay(50);
    running -= 1;
    return success();
  });
  await empty();
  expect(most).toBe(2);
});

test('what is returned is received again when its visibility timeout ends, and is counted', async () => {
  const { batches, empty } = await deliver('returned', 2, { maxBatchingWindow: 0 }, async ({ Records }) => {
    const itemIdentifier = Records.find(({ body, attributes }) => {
      return body === 'message 1' && attributes.ApproximateReceiveCount === '1';
    })?.messageId;
    const batchItemFailures = itemIdentifier ? [{ itemIdentifier }] : [];
    return { kind: 'response', response: { batchItemFailures } };
  });
  await empty();
  const received = batches.flat().map(({ body, attributes }) => `${body}, ${attributes.ApproximateReceiveCount}`);
  expect(received.toSorted()).toEqual(['message 0, 1', 'message 1, 1', 'message 1, 2']);
});

test('does not receive more than it can hand over soon', async () => {
  const finished: (() => void)[] = [];
  const { batches } = await deliver('held', 200, { batchSize: 10, maxBatchingWindow: 0, maximumConcurrency: 1 }, () => {
    return new Promise((resolve) => finished.push(() => resolve({ kind: 'response', response: null })));
  });
  while (batches.length === 0) await delay(20);
  await delay(500);
  expect(batches).toHaveLength(1);
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: `${aws.url}/000000000000/held`,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  expect(Number(Attributes.ApproximateNumberOfMessages)).toBeGreaterThanOrEqual(130);
  for (const finish of finished) finish();
});

import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { type SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { eventBuses } from '../../local/eventbridge/event-bus';
import { type LocalEventBridge, startEventBridge } from '../../local/eventbridge/server';
import { readStack } from '../../local/template/stack-model';

const rule = (queue: string, bus?: string) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    ...(bus && { EventBusName: bus }),
    EventPattern: { source: ['shop'] },
    Targets: [{ Arn: { 'Fn::GetAtt': [queue, 'Arn'] }, Id: queue }],
  },
});
const queue = { Type: 'AWS::SQS::Queue', Properties: {} };
const SHARED = 'arn:aws:events:us-east-1:000000000000:event-bus/shared';

const Resources = { Own: queue, Shared: queue, One: rule('Own'), Two: rule('Shared', SHARED) };
const model = readStack({ Resources }, 'Stack', 'http://127.0.0.1:1');

let eventBridge: LocalEventBridge;
let client: EventBridgeClient;
/** What the queues are sent: the name of the queue, and the message. */
const delivered: [queue: string | undefined, body: unknown][] = [];

beforeAll(async () => {
  const sqs = new SQSClient({ region: 'us-east-1' });
  jest.spyOn(sqs, 'send').mockImplementation(async (command: unknown) => {
    const { QueueUrl, MessageBody = '' } = (command as SendMessageCommand).input;
    delivered.push([QueueUrl?.split('/').at(-1), JSON.parse(MessageBody)]);
  });
  eventBridge = await startEventBridge(eventBuses(model, sqs));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new EventBridgeClient({ region: 'us-east-1', endpoint: eventBridge.url, credentials, maxAttempts: 1 });
});

afterAll(async () => {
  client.destroy();
  await eventBridge.close();
});

const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));
const EVENT = { Source: 'shop', DetailType: 'Sold', Detail: '{"cups":3}' };

test.each([
  ['the default bus', undefined, 'Own'],
  ['the default bus by its name', 'default', 'Own'],
  ['a bus by its ARN', SHARED, 'Shared'],
  ['a bus by its name', 'shared', 'Shared'],
])('an event on %s is delivered by its rules alone', async (_, EventBusName, queueName) => {
  delivered.length = 0;
  const { FailedEntryCount, Entries } = await put({ ...EVENT, EventBusName });
  const event = { id: Entries?.[0]?.EventId, source: 'shop', 'detail-type': 'Sold', detail: { cups: 3 } };
  expect(FailedEntryCount).toBe(0);
  expect(delivered).toEqual([[queueName, expect.objectContaining(event)]]);
});

test.each<[string, Partial<PutEventsRequestEntry>, string]>([
  ['the source of an AWS service', { Source: 'aws.s3' }, 'NotAuthorizedForSourceException'],
  ['no detail type', { DetailType: '' }, 'InvalidArgument'],
  ['a detail that is no JSON', { Detail: '{' }, 'MalformedDetail'],
  ['a detail that is a list', { Detail: '[]' }, 'MalformedDetail'],
  ['more than 1 MB', { Detail: JSON.stringify({ text: 'é'.repeat(600_000) }) }, 'InvalidArgument'],
])('an entry with %s is refused, and the others are not', async (_, entry, code) => {
  delivered.length = 0;
  const { FailedEntryCount, Entries } = await put({ ...EVENT, ...entry }, EVENT);
  expect(FailedEntryCount).toBe(1);
  expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([code, undefined]);
  expect(delivered).toHaveLength(1);
});

test('a call has one entry to ten', async () => {
  await expect(put()).rejects.toThrow('ValidationException');
  await expect(put(...Array(11).fill(EVENT))).rejects.toThrow('ValidationException');
});

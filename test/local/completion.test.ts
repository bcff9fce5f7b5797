import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import Ajv2020 from 'ajv/dist/2020';
import type { LocalEvent } from '../../local/local-stack';
import { metricsIn } from '../lambda/emf';
import { eventually } from './eventually';
import { type HastyStack, startHastyStack } from './hasty-stack';

jest.setTimeout(60_000);

const schema = JSON.parse(readFileSync(join(__dirname, '../../docs/invalidation-events.schema.json'), 'utf8'));
const isEvent = new Ajv2020({ strictTypes: false }).compile(schema);

interface Event {
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What an app adds to be told: a rule of the bus, and its target. */
const RULE = {
  Told: { Type: 'AWS::SQS::Queue', Properties: {} },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['cloudfront-invalidator'] },
      Targets: [{ Arn: { 'Fn::GetAtt': ['Told', 'Arn'] }, Id: 'Told' }],
    },
  },
};

const HOUR = 3_600_000;

let stack: HastyStack;
const told: Event[] = [];
const happened: LocalEvent[] = [];

/** One object changes; then all that is told of it is received from the target of the rule. */
beforeAll(async () => {
  stack = await startHastyStack({
    context: { maxBatchingWindow: '0', eventBusName: 'default', indexDocument: 'none' },
    resources: RULE,
    // However slow the machine is, the first look comes too early, and the second does not.
    cloudFront: { completesAfter: HOUR, now: () => Date.now() + (looks().length > 0 ? HOUR : 0) },
    onEvent: (event) => happened.push(event),
  });
  await stack.s3.send(new PutObjectCommand({ Bucket: stack.site.bucket, Key: 'docs/a.html', Body: 'new' }));
  await eventually(receive, () => told.length >= 2);
  expect(await stack.settled()).toEqual([]);
});

afterAll(() => stack?.close());

/** The looks at the invalidation that are over. */
function looks() {
  const records = happened.flatMap((event) => (event.kind === 'processed' ? event.records : []));
  return records.filter(({ body }) => body.startsWith('{"completion"'));
}

async function receive(): Promise<void> {
  const QueueUrl = stack.queue.url.replace(/[^/]+$/, 'Told');
  const { Messages = [] } = await stack.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  told.push(...Messages.map(({ Body = '' }) => JSON.parse(Body)));
}

test("the rule's target is told of the acceptance, and then of the completion, as the schema says", () => {
  expect(told.map((event) => event['detail-type'])).toEqual(['Invalidation Accepted', 'Invalidation Completed']);
  for (const event of told) {
    expect([isEvent(event), isEvent.errors]).toEqual([true, null]);
    expect(event.detail).toMatchObject({
      distribution: stack.site.id,
      invalidationId: stack.cloudFront.invalidations[0]?.id,
      paths: ['/docs/a.html'],
      keys: ['docs/a.html'],
    });
  }
});

test('the function looks as often as it has to, and the metric has the time to fresh', () => {
  expect(looks().length).toBeGreaterThan(1);
  const { TimeToFresh } = metricsIn(stack.logs.map(({ fields }) => fields));
  expect(TimeToFresh).toEqual([told[1]?.detail.timeToFresh]);
  expect(Number(TimeToFresh?.[0])).toBeGreaterThanOrEqual(10);
});

test('nothing of it fails, is retried, or is a warning', () => {
  const lines = stack.logs.filter(({ fields }) => ['WARN', 'ERROR'].includes(String(fields.level)));
  expect(lines).toEqual([]);
});

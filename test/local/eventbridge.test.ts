import { s3Event } from '../../local/eventbridge/event';
import { type EventPattern, matches } from '../../local/eventbridge/pattern';
import type { ObjectChanged } from '../../local/s3-sqs/start';
import type { Template } from '../../local/template/intrinsics';
import { readStack } from '../../local/template/stack-model';

const change: ObjectChanged = {
  kind: 'changed',
  bucket: 'site',
  key: 'a b+c.html',
  eventName: 'ObjectCreated:Put',
  size: 3,
  eTag: 'abc',
  at: Date.parse('2026-01-02T03:04:05.678Z'),
  eventBridge: true,
};

test('an event names the key as it is, and the time in whole seconds', () => {
  expect(s3Event(change)).toMatchObject({
    'detail-type': 'Object Created',
    source: 'aws.s3',
    time: '2026-01-02T03:04:05Z',
    detail: { bucket: { name: 'site' }, object: { key: 'a b+c.html', size: 3, etag: 'abc' } },
  });
  expect(s3Event({ ...change, eventName: 'ObjectRemoved:Delete' })).toMatchObject({ 'detail-type': 'Object Deleted' });
});

test.each<[EventPattern, boolean]>([
  [{}, true],
  [{ source: ['aws.s3'] }, true],
  [{ source: ['aws.ec2'] }, false],
  [{ source: ['aws.ec2', 'aws.s3'] }, true],
  [{ source: ['aws.s3'], 'detail-type': ['Object Deleted'] }, false],
  [{ detail: { bucket: { name: ['site'] } } }, true],
  [{ detail: { bucket: { name: ['sit'] } } }, false],
  [{ detail: { object: { key: [{ prefix: 'a ' }] } } }, true],
  [{ detail: { object: { key: [{ prefix: 'b' }, { prefix: 'a' }] } } }, true],
  [{ detail: { object: { key: [{ prefix: 'b' }] } } }, false],
  [{ detail: { missing: { key: ['a'] } } }, false],
])('%j matches: %s', (pattern, expected) => {
  expect(matches(s3Event(change), pattern)).toBe(expected);
});

test('an operator that the local run does not know is named', () => {
  const pattern = { source: [{ suffix: 's3' }] } as unknown as EventPattern;
  expect(() => matches(s3Event(change), pattern)).toThrow(
    'The local run does not know the event pattern {"suffix":"s3"}.',
  );
});

describe('in a template', () => {
  const rule: Template = {
    Resources: {
      Jobs: { Type: 'AWS::SQS::Queue', Properties: {} },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { detail: { bucket: { name: ['old-site'] } } },
          Targets: [{ Arn: { 'Fn::GetAtt': ['Jobs', 'Arn'] }, Id: 'Target0' }],
        },
      },
    },
  };
  const model = readStack(rule, 'Stack', 'http://127.0.0.1:1');

  test('a rule has its pattern and its targets', () => {
    expect(model.rules).toEqual([
      {
        bus: 'default',
        pattern: { detail: { bucket: { name: ['old-site'] } } },
        targetArns: ['arn:aws:sqs:us-east-1:000000000000:Jobs'],
      },
    ]);
  });

  test('a bucket that only a rule names exists, with EventBridge switched on', () => {
    expect(model.buckets).toEqual(['old-site']);
    expect(model.notifications).toEqual([{ bucket: 'old-site', configuration: { EventBridgeConfiguration: {} } }]);
  });
});

import { Match } from 'aws-cdk-lib/assertions';
import { only, synthesized } from '../lib/templates';
import { PAGES } from './pages';

const PAGE = PAGES.get('docs/what-is-deployed.md') ?? '';
const template = synthesized();

test('its receives are those of the template, and last as long as it says', () => {
  const { VisibilityTimeout, RedrivePolicy } = only(template, 'AWS::SQS::Queue', { RedrivePolicy: Match.anyValue() });
  const { maxReceiveCount } = RedrivePolicy as { maxReceiveCount: number };
  const hours = (maxReceiveCount * (VisibilityTimeout as number)) / 3600;
  expect(PAGE).toContain(`${maxReceiveCount} receives with the default window, about nine hours`);
  expect(Math.round(hours)).toBe(9);
  expect(PAGE).toContain('an outage of six hours spends about two thirds of them');
  expect(6 / hours).toBeCloseTo(2 / 3, 1);
});

test('its memory and its timeout are those of the template', () => {
  const { MemorySize, Timeout } = only(template, 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' });
  expect(PAGE).toContain(`[${(MemorySize as number).toLocaleString('en')} MB]`);
  expect(PAGE).toContain(`| Timeout of ${Timeout} s |`);
});

test('its batches are those of the template', () => {
  const { BatchSize, ScalingConfig } = only(template, 'AWS::Lambda::EventSourceMapping');
  expect(PAGE).toContain(`${(BatchSize as number).toLocaleString('en')} messages a batch (10 without a window)`);
  expect(ScalingConfig).toEqual({ MaximumConcurrency: 2 });
  expect(PAGE).toContain('two batches at a time');
});

test('its alarms and queries are those of the template', () => {
  expect(PAGE).toContain('Eight alarms (nine with EventBridge or `requests`)');
  expect(PAGE).toContain('five saved queries');
  const counted = [template, synthesized({ events: 'eventbridge' }), synthesized({ requests: 'true' })].map((each) =>
    ['AWS::CloudWatch::Alarm', 'AWS::Logs::QueryDefinition'].map(
      (type) => Object.keys(each.findResources(type)).length,
    ),
  );
  expect(counted).toEqual([
    [8, 5],
    [9, 5],
    [9, 5],
  ]);
});

test("the actions are those of the function's role", () => {
  const { PolicyDocument } = only(template, 'AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 's3:ListBucket' })]) },
  });
  const { Statement } = PolicyDocument as { Statement: { Action: string | string[] }[] };
  const [, section = ''] = /^## The role of the function$(.*?)^## /ms.exec(PAGE) ?? [];
  const said = Array.from(section.matchAll(/`(\w+:\w+)`/g), ([, action]) => action);
  const ofTenants = 'cloudfront:CreateInvalidationForDistributionTenant';
  expect(said.toSorted()).toEqual([...Statement.flatMap(({ Action }) => Action), ofTenants].toSorted());
});

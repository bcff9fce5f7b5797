import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CloudFrontInvalidator, type CloudFrontInvalidatorProps } from '../../lib';
import { quietly, said } from './distribution/said';
import { metricsOnDashboard, widgetsOf } from './monitored';
import { emptyStack, existingDistribution, synthesized } from './templates';

quietly();

type Options = (scope: Construct) => Partial<CloudFrontInvalidatorProps>;

function templateOf(options: Options): Template {
  const stack = emptyStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  const distributions = ['E1AAAAAA', 'E2BBBBBB'].map((id) => existingDistribution(stack, id));
  const origins = distributions.map((distribution) => ({ bucket, distribution }));
  new CloudFrontInvalidator(stack, 'Invalidator', { origins, ...options(stack) });
  return Template.fromStack(stack);
}

const defaultBus: Options = (scope) => ({ eventBus: EventBus.fromEventBusName(scope, 'Bus', 'default') });
const BUS_ARN = 'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/default';
const TELLING = ['cloudfront:GetInvalidation', 'events:PutEvents', 'kms:GenerateDataKey', 'sqs:SendMessage'];

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly PolicyDocument?: { Statement: Statement[] };
    readonly Environment?: { readonly Variables: Record<string, unknown> };
    DashboardBody?: unknown;
  };
}

const resourcesOf = (template: Template) => template.toJSON().Resources as Record<string, Resource>;

/** Of the function's role, an entry for each action. */
function allowed(template: Template): Record<string, unknown> {
  const [policy] = Object.entries(resourcesOf(template)).filter(([id]) => /^InvalidatorRoleDefaultPolicy/.test(id));
  const statements = policy?.[1].Properties.PolicyDocument?.Statement ?? [];
  return Object.fromEntries(
    statements.flatMap(({ Action, Resource }) => [Action].flat().map((action) => [action, Resource])),
  );
}

const environment = (template: Template) =>
  Object.values(resourcesOf(template)).find(({ Properties }) => Properties.Environment)?.Properties.Environment
    ?.Variables ?? {};

/** A resolved reference in short. */
function short(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each) => {
      if (each?.Ref) return `<${each.Ref}>`;
      if (each?.['Fn::GetAtt']) return `<${each['Fn::GetAtt'].join('.')}>`.replace(/[0-9A-F]{8}\./, '.');
      return each;
    }),
    (_, each) => (Array.isArray(each?.['Fn::Join']) ? each['Fn::Join'][1].join('') : each),
  );
}

test('the function may put events on this bus, send to its own queue, look at its invalidations, and nothing else', () => {
  const withBus = allowed(templateOf(defaultBus));
  const without = allowed(templateOf(() => ({})));
  const added = Object.fromEntries(Object.entries(withBus).filter(([action]) => !(action in without)));
  const distribution = 'arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution';
  expect(short(added)).toEqual({
    'events:PutEvents': BUS_ARN,
    'sqs:SendMessage': '<InvalidatorQueue.Arn>',
    'cloudfront:GetInvalidation': [`${distribution}/E1AAAAAA`, `${distribution}/E2BBBBBB`],
  });
});

test('under a key of its own it may encrypt, too', () => {
  const { 'kms:GenerateDataKey': key } = allowed(
    templateOf((scope) => ({ ...defaultBus(scope), encryptionKey: new Key(scope, 'Key') })),
  );
  expect(short(key)).toBe('<Key.Arn>');
  expect(allowed(templateOf((scope) => ({ encryptionKey: new Key(scope, 'Key') })))).not.toHaveProperty([
    'kms:GenerateDataKey',
  ]);
});

test('the function is told the bus and its own queue', () => {
  const { EVENT_BUS, QUEUE_URL } = environment(templateOf(defaultBus));
  expect(short(EVENT_BUS)).toBe(BUS_ARN);
  expect(QUEUE_URL).toEqual({ Ref: expect.stringMatching(/^InvalidatorQueue/) });
});

test('a bus of the app, and of another account, are named by their ARN', () => {
  const own = environment(templateOf((scope) => ({ eventBus: new EventBus(scope, 'Own') })));
  expect(own.EVENT_BUS).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Own/), 'Arn'] });
  const arn = 'arn:aws:events:eu-west-1:111111111111:event-bus/shared';
  const other = templateOf((scope) => ({ eventBus: EventBus.fromEventBusArn(scope, 'Other', arn) }));
  expect([environment(other).EVENT_BUS, allowed(other)['events:PutEvents']]).toEqual([arn, arn]);
});

test('the dashboard shows the time to fresh, its half and its slowest', () => {
  const graph = widgetsOf(templateOf(defaultBus)).find(({ properties: { title } }) =>
    /^Time to fresh/.test(title ?? ''),
  );
  const statistics = graph?.properties.metrics?.map((metric) => [metric[1], (metric.at(-1) as { stat: string }).stat]);
  expect(statistics).toEqual([
    ['TimeToFresh', 'p50'],
    ['TimeToFresh', 'p99'],
  ]);
});

/** A template without what the option adds. */
function withoutEvents(template: Template): Record<string, Resource> {
  const resources = structuredClone(resourcesOf(template));
  for (const { Properties } of Object.values(resources)) {
    delete Properties.Environment?.Variables.EVENT_BUS;
    delete Properties.Environment?.Variables.QUEUE_URL;
    delete Properties.DashboardBody;
    const { PolicyDocument } = Properties;
    if (!PolicyDocument?.Statement.some(({ Action }) => [Action].flat().includes('logs:PutLogEvents'))) continue;
    PolicyDocument.Statement = PolicyDocument.Statement.map(({ Action, ...rest }) => ({
      ...rest,
      Action: [Action].flat().filter((each) => !TELLING.includes(each)),
    })).filter(({ Action }) => Action.length > 0);
  }
  return resources;
}

test('without the option, and in a dry run, there is none of it, and all else is the same', () => {
  const without = templateOf(() => ({}));
  expect(environment(without)).not.toHaveProperty('EVENT_BUS');
  expect(environment(without)).not.toHaveProperty('QUEUE_URL');
  expect(Object.keys(allowed(without)).filter((action) => TELLING.includes(action))).toEqual([]);
  expect(metricsOnDashboard(without).map(({ name }) => name)).not.toContain('TimeToFresh');
  expect(withoutEvents(templateOf(defaultBus))).toEqual(withoutEvents(without));
  const dryRun = templateOf((scope) => ({ ...defaultBus(scope), dryRun: true }));
  expect(dryRun.toJSON()).toEqual(templateOf(() => ({ dryRun: true })).toJSON());
});

test('the environment has room for both, so origins have less', () => {
  const isRefused = (count: number, eventBus: boolean) => {
    const stack = emptyStack();
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
    const exclude = Array.from({ length: count }, (_, at) => `assets/${at}`.padEnd(90, 'x'));
    const origins = [{ bucket, distribution: existingDistribution(stack, 'E1AAAAAA'), exclude }];
    new CloudFrontInvalidator(stack, 'Invalidator', { origins, ...(eventBus ? defaultBus(stack) : {}) });
    return said(stack).some((each) => each.includes("into the 4096 bytes of the function's environment"));
  };
  expect([35, 35, 25].map((count, at) => isRefused(count, at > 0))).toEqual([false, true, false]);
});

test('the command line takes the name of a bus', () => {
  const template = synthesized({ eventBusName: 'default' });
  expect(short(environment(template).EVENT_BUS)).toBe(BUS_ARN);
});

test.each([['default'], [{}], [7]])('%j is no event bus', (eventBus) => {
  expect(() => templateOf(() => ({ eventBus: eventBus as never }))).toThrow('eventBus must be an event bus, such as');
});

import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type CfnAlarm, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { API_ERRORS, AS_IT_HAPPENS, DIMENSION, EVERY_BATCH, NAMESPACE } from '../../lambda/contract/metric-names';
import { ApiErrorCause, ChangeEvents, CloudFrontInvalidator, type CloudFrontInvalidatorProps } from '../../lib';
import { metricsOnDashboard, queriesIn, watchedBy, widgetsOf } from './monitored';
import { emptyStack, existingDistribution, synthesized } from './templates';

const site = synthesized();

function invalidatorOf(
  option: Partial<CloudFrontInvalidatorProps>,
  stack: Stack = emptyStack(),
  events?: ChangeEvents,
) {
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  const origins = [{ bucket, distribution: existingDistribution(stack, 'E1AAAAAA'), events }];
  return { stack, invalidator: new CloudFrontInvalidator(stack, 'Invalidator', { origins, ...option }) };
}

function alarmsOf(template: Template): Record<string, Record<string, unknown>> {
  const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm'));
  return Object.fromEntries(
    alarms.map(([id, { Properties }]) => [
      id.replace(/^InvalidatorMonitoring(.*)[0-9A-F]{8}$/, '$1'),
      { ...Properties, ...watchedBy(Properties) },
    ]),
  );
}

const NAMES = Object.values({ ...EVERY_BATCH, ...AS_IT_HAPPENS, ...API_ERRORS });

/** Of what happens only with an event bus. */
const WITH_EVENTS: readonly string[] = [AS_IT_HAPPENS.timeToFresh];

/** What is asserted of each alarm: over which number it goes off, for how many of how many periods, and what no data means. */
const ALARMS = {
  DeadLetters: ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', 300, 0, '1 of 1', 'ignore'],
  RejectedMessages: [NAMESPACE, 'RejectedMessages', 'Sum', 300, 0, '1 of 3', 'notBreaching'],
  // The window, and three times the visibility timeout of 260 s.
  Staleness: [NAMESPACE, 'Staleness', 'p99', 900, 800, '1 of 1', 'notBreaching'],
  PersistentErrors: [NAMESPACE, 'RetriedMessages', 'Sum', 420, 0, '5 of 5', 'FILL(sparse, 0)'],
  ConfigurationErrors: [NAMESPACE, 'ConfigurationErrors', 'Sum', 300, 0, '1 of 3', 'notBreaching'],
  FunctionErrors: ['AWS/Lambda', 'Errors', 'Sum', 300, 0, '1 of 3', 'notBreaching'],
  Backlog: ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'Maximum', 300, 1040, '1 of 1', 'notBreaching'],
  PathsPerDay: [NAMESPACE, 'InvalidatedPaths', 'Sum', 86_400, 200, '1 of 1', 'FILL(sparse, 0)'],
};

describe('the alarms of the construct', () => {
  const topic = (stack: Stack) => new SnsAction(new Topic(stack, 'Pager'));

  test.each([
    ['by notifications', ChangeEvents.NOTIFICATIONS, Object.keys(ALARMS)],
    ['by EventBridge', ChangeEvents.EVENTBRIDGE, [...Object.keys(ALARMS), 'UndeliveredEvents']],
  ])('are all within reach, by their names: %s', (_, events, names) => {
    const { stack, invalidator } = invalidatorOf({}, emptyStack(), events);
    const byName = Object.entries(invalidator.alarms ?? {}).map(([name, alarm]) => [
      name.toLowerCase(),
      alarm.node.id.toLowerCase(),
    ]);
    expect(byName).toEqual(byName.map(([, id]) => [id, id]));
    expect(Object.keys(alarmsOf(Template.fromStack(stack))).toSorted()).toEqual(names.toSorted());
    expect(byName).toHaveLength(names.length);
  });

  test('take further actions', () => {
    const { stack, invalidator } = invalidatorOf({});
    invalidator.alarms?.deadLetters.addAlarmAction(topic(stack));
    const actions = Object.entries(alarmsOf(Template.fromStack(stack))).filter(([, { AlarmActions }]) => AlarmActions);
    expect(actions).toEqual([['DeadLetters', expect.objectContaining({ AlarmActions: [expect.anything()] })]]);
  });

  test('may be changed', () => {
    const { stack, invalidator } = invalidatorOf({});
    const alarm = invalidator.alarms?.staleness.node.defaultChild as CfnAlarm;
    alarm.threshold = 3600;
    expect(alarmsOf(Template.fromStack(stack)).Staleness?.Threshold).toBe(3600);
  });

  test('are not there without monitoring, and neither is the dashboard, to which widgets may be added', () => {
    const { invalidator: without } = invalidatorOf({ monitoring: false });
    expect([without.alarms, without.dashboard]).toEqual([undefined, undefined]);
    const { stack, invalidator } = invalidatorOf({});
    invalidator.dashboard?.addWidgets(new TextWidget({ markdown: 'Our own runbook' }));
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'))).toContain(
      'Our own runbook',
    );
  });
});

test('these are the alarms, and none goes off where there is no data', () => {
  const alarms = alarmsOf(site);
  const told = Object.entries(alarms).map(([name, alarm]) => [
    name,
    [alarm.Namespace, alarm.MetricName, alarm.statistic, alarm.Period, alarm.Threshold].concat(
      `${alarm.DatapointsToAlarm} of ${alarm.EvaluationPeriods}`,
      alarm.expression ?? alarm.TreatMissingData,
    ),
  ]);
  expect(Object.fromEntries(told)).toEqual(ALARMS);
  for (const { TreatMissingData, ComparisonOperator, AlarmActions } of Object.values(alarms)) {
    expect(['notBreaching', 'ignore']).toContain(TreatMissingData);
    expect(ComparisonOperator).toBe('GreaterThanThreshold');
    expect(AlarmActions).toBeUndefined();
  }
});

test.each(Object.entries(alarmsOf(site)))('%s watches our own function and queues', (_, { Namespace, Dimensions }) => {
  const [{ Name, Value }] = Dimensions as [{ Name: string; Value: object }];
  const [value] = Object.values(Value).flat();
  const ours = {
    [NAMESPACE]: [DIMENSION, /^InvalidatorFunction/],
    'AWS/Lambda': ['FunctionName', /^InvalidatorFunction/],
    'AWS/SQS': ['QueueName', /^Invalidator(DeadLetter)?Queue/],
  }[Namespace as string];
  expect([Name, value]).toEqual([ours?.[0], expect.stringMatching(ours?.[1] as RegExp)]);
});

test('the dead letters are counted in their own queue, the backlog in the other', () => {
  const { DeadLetters, Backlog } = alarmsOf(site);
  expect(JSON.stringify(DeadLetters?.Dimensions)).toContain('InvalidatorDeadLetterQueue');
  expect(JSON.stringify(Backlog?.Dimensions)).not.toContain('InvalidatorDeadLetterQueue');
});

test.each(Object.entries(alarmsOf(site)))('the description of %s explains its threshold', (_, alarm) => {
  const { AlarmDescription: description, Threshold: threshold } = alarm as Record<string, string | number>;
  expect(description).toMatch(
    threshold === 0 ? /one is too many|each of 5 such periods/i : new RegExp(`\\b${threshold}\\b`),
  );
  expect(String(description).length).toBeLessThanOrEqual(1024);
});

test('thresholds follow the window', () => {
  const { Staleness, Backlog } = alarmsOf(synthesized({ maxBatchingWindow: '300' }));
  expect([Staleness?.Threshold, Backlog?.Threshold]).toEqual([300 + 3 * 540, 4 * 540]);
});

test('the budget is what the alarm says', () => {
  const { PathsPerDay } = alarmsOf(synthesized({ pathsPerDayBudget: '50' }));
  expect(PathsPerDay).toMatchObject({
    Threshold: 50,
    AlarmDescription: expect.stringMatching(/50 paths in a day.*\$0\.25/),
  });
});

test('the text of the alarm says what limits the paths of a day, if anything does', () => {
  const text = (context: Record<string, string>) => alarmsOf(synthesized(context)).PathsPerDay?.AlarmDescription;
  expect(text({ maxPathsPerDay: '500' })).toContain('The most in a day (UTC) is 500, by maxPathsPerDay');
  expect(text({ maxPathsPerDay: '500' })).toContain('each batch takes a single wildcard');
  expect(text({})).toContain('Nothing limits them');
});

test('a maximum below the usual budget is the budget: above it only single wildcards are left', () => {
  const threshold = (context: Record<string, string>) => alarmsOf(synthesized(context)).PathsPerDay?.Threshold;
  expect(threshold({ maxPathsPerDay: '50' })).toBe(50);
  expect(threshold({ maxPathsPerDay: '500' })).toBe(200);
  expect(threshold({ maxPathsPerDay: '50', pathsPerDayBudget: '100' })).toBe(100);
});

test('what the ledger and the maximum do is beside what it explains', () => {
  const shownIn = (name: string) =>
    widgetsOf(site)
      .filter(({ properties: { metrics = [] } }) => metrics.some((metric) => metric[1] === name))
      .map(({ properties: { title } }) => title);
  expect(shownIn('BudgetExhausted')).toEqual(shownIn('Wildcards'));
  expect(shownIn('LedgerUnavailable')).toEqual(shownIn('Errors'));
});

test('a topic is told of each alarm, and when it is over', () => {
  const arn = 'arn:aws:sns:us-east-1:123456789012:alarms';
  const alarms = Object.values(alarmsOf(synthesized({ alarmTopicArn: arn })));
  expect(alarms).toHaveLength(Object.keys(ALARMS).length);
  for (const alarm of alarms) expect(alarm).toMatchObject({ AlarmActions: [arn], OKActions: [arn] });
});

test('the dashboard shows each metric of the function, the queues, and all alarms', () => {
  const shown = metricsOnDashboard(site);
  const always = NAMES.filter((name) => !WITH_EVENTS.includes(name));
  for (const name of always) expect(shown).toContainEqual({ namespace: NAMESPACE, name });
  expect(shown.filter(({ namespace }) => namespace !== NAMESPACE)).toEqual([
    { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible' },
    { namespace: 'AWS/SQS', name: 'ApproximateAgeOfOldestMessage' },
    { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible' },
    { namespace: 'AWS/Lambda', name: 'Errors' },
  ]);
  const status = widgetsOf(site).find(({ type }) => type === 'alarm');
  expect(status?.properties.alarms).toHaveLength(Object.keys(ALARMS).length);
});

test('the dashboard tells arrivals, staleness, backlog, API errors, dead letters and cost apart', () => {
  const graphs = widgetsOf(site).filter(({ type }) => type === 'metric');
  expect(graphs.map(({ properties: { title } }) => title)).toEqual([
    'Arrivals',
    'Staleness when accepted, of the oldest change of each invalidation',
    'Backlog',
    'API errors by cause',
    'Retried messages',
    'Dead letters, function errors, invocations without the ledger',
    'Paths of this month, and what they cost if the account has no others',
    'What the plans saved',
  ]);
  const staleness = graphs[1]?.properties.metrics?.map((metric) => (metric.at(-1) as { stat: string }).stat);
  expect(staleness).toEqual(['p50', 'p99']);
});

test('the paths of this month are those since its first day, next to the free ones and in dollars beyond them', () => {
  const graph = widgetsOf(site).find(({ properties: { title } }) => title?.startsWith('Paths of this month'));
  const metrics = graph?.properties.metrics ?? [];
  const expressions = metrics.flatMap(([first]) => (first as { expression?: string }).expression ?? []);
  const month = '12 * YEAR(daily) + MONTH(daily)';
  expect(expressions).toEqual([
    `RUNNING_SUM(IF(${month} == MAX(${month}), FILL(daily, 0), 0))`,
    'IF(paths > 1000, (paths - 1000) * 0.005, 0)',
  ]);
  const daily = metrics.find(([, name]) => name === 'InvalidatedPaths');
  expect(daily?.at(-1)).toMatchObject({ id: 'daily', period: 86_400, visible: false, stat: 'Sum' });
  expect(graph?.properties).toMatchObject({
    start: '-P31D',
    annotations: { horizontal: [{ value: 1000, yAxis: 'left' }] },
  });
});

test('the queries are saved for the log of the function', () => {
  expect(Object.keys(queriesIn(site))).toEqual([
    'Last invalidations',
    'What covered this key',
    'What is stuck, and why',
    'API errors',
    'Cost by distribution and day',
  ]);
  for (const { Properties } of Object.values(site.findResources('AWS::Logs::QueryDefinition'))) {
    expect(Properties.LogGroupNames).toEqual([{ Ref: expect.stringMatching(/^InvalidatorLogs/) }]);
    expect(Properties.Name).toMatch(/^CloudFrontInvalidator\/Invalidator\//);
  }
});

test('without monitoring there is none of it', () => {
  const types = Object.values(synthesized({ monitoring: 'false' }).toJSON().Resources as object).map(
    ({ Type }: { Type: string }) => Type,
  );
  expect(types.filter((type) => /CloudWatch|QueryDefinition/.test(type))).toEqual([]);
});

test.each<[string, (stack: Stack) => Partial<CloudFrontInvalidatorProps>]>([
  [
    'alarmTopic must be left out without monitoring',
    (stack) => ({ monitoring: false, alarmTopic: new Topic(stack, 'Topic') }),
  ],
  [
    'alarmTopic must be a standard SNS topic',
    (stack) => ({ alarmTopic: Topic.fromTopicArn(stack, 'Fifo', 'arn:aws:sns:eu-west-1:123456789012:alarms.fifo') }),
  ],
  ['pathsPerDayBudget must be left out without monitoring', () => ({ monitoring: false, pathsPerDayBudget: 1 })],
  ['pathsPerDayBudget must be a whole number of paths from 1', () => ({ pathsPerDayBudget: 0 })],
  ['pathsPerDayBudget must be a whole number of paths from 1', () => ({ pathsPerDayBudget: 1.5 })],
  ['but it is "NaN"', () => ({ pathsPerDayBudget: Number.NaN })],
  [
    'pathsPerDayBudget must be known at synthesis',
    (stack) => ({ pathsPerDayBudget: new CfnParameter(stack, 'Budget', { type: 'Number' }).valueAsNumber }),
  ],
])('%s', (message, option) => {
  const stack = emptyStack();
  expect(() => invalidatorOf(option(stack), stack)).toThrow(message);
});

test('an unknown cause is an error, as JavaScript may give it', () => {
  const { invalidator } = invalidatorOf({});
  expect(() => invalidator.metricApiErrors('THROTTLED' as ApiErrorCause)).toThrow(
    'Test/Invalidator: cause must be one of throttled, unavailable, configuration, invalid, conflict, unexpected, but it is "THROTTLED"',
  );
});

test('the metrics are there for alarms of your own', () => {
  const { invalidator, stack } = invalidatorOf({ monitoring: false });
  const metrics = [
    invalidator.metricMessages(),
    invalidator.metricChanges(),
    invalidator.metricCoveredChanges(),
    invalidator.metricInvalidations(),
    invalidator.metricInvalidatedPaths(),
    invalidator.metricWildcards(),
    invalidator.metricEvictedObjects(),
    invalidator.metricListedPages(),
    invalidator.metricStaleness(),
    invalidator.metricTimeToFresh(),
    invalidator.metricRetriedMessages(),
    invalidator.metricRejectedMessages(),
    invalidator.metricBudgetExhausted(),
    invalidator.metricLedgerUnavailable(),
    ...Object.values(ApiErrorCause).map((cause) => invalidator.metricApiErrors(cause)),
  ];
  expect(metrics.map(({ metricName }) => metricName)).toEqual(NAMES);
  for (const { namespace, dimensions, metricName, statistic } of metrics) {
    expect(namespace).toBe(NAMESPACE);
    expect(stack.resolve(dimensions)).toEqual({ [DIMENSION]: stack.resolve(invalidator.function.functionName) });
    expect(statistic).toBe(['Staleness', 'TimeToFresh'].includes(metricName) ? 'p99' : 'Sum');
  }
  const period = Duration.hours(1);
  expect(invalidator.metricStaleness({ statistic: 'p50', period })).toMatchObject({ statistic: 'p50', period });
  invalidator.metricInvalidatedPaths({ period }).createAlarm(stack, 'Mine', { threshold: 1, evaluationPeriods: 1 });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'InvalidatedPaths' });
});

import { Duration, type Stack } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import fc from 'fast-check';
import type { CloudFrontInvalidatorProps, InvalidatorOrigin } from '../../lib/props';
import type { Template } from '../../local/template/intrinsics';
import { WINDOWS } from '../../scripts/template/parameters';
import { makeTemplate } from '../../scripts/template/template';
import { existing, STAND_INS, withConstruct } from '../../scripts/template/variants';
import { resolved } from './resolved';

jest.setTimeout(180_000);

const template = makeTemplate('') as unknown as Template;

const REQUIRED = { BucketName: 'site-bucket', DistributionId: 'E123EXAMPLE' };
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';

/** What a deployment gives, as text; what is left out is the default. */
type Values = Readonly<Record<string, string>>;

/** The same options, as somebody gives them to the construct. */
function propsFor(values: Values, stack: Stack): CloudFrontInvalidatorProps {
  const { Events, Prefix, Exclude, OriginPath, ViewerPrefix, QueryStrings, IndexDocument, AlarmTopicArn } = values;
  const whether = (value: string | undefined) => (value === undefined || value === '' ? undefined : value === 'true');
  const number = (value: string | undefined) => (value === undefined ? undefined : Number(value));
  const folders = (value: string | undefined) => (value === 'none' ? '' : value || undefined);
  const monitoring = whether(values.Monitoring) ?? true;
  return {
    origins: [
      {
        bucket: Bucket.fromBucketName(stack, 'Bucket', REQUIRED.BucketName),
        distribution: existing(stack, REQUIRED.DistributionId),
        events: Events as InvalidatorOrigin['events'],
        prefix: Prefix,
        exclude: Exclude ? Exclude.split(',') : undefined,
        originPath: folders(OriginPath),
        viewerPrefix: folders(ViewerPrefix),
        queryStrings: whether(QueryStrings),
      },
    ],
    maxBatchingWindow: values.MaxBatchingWindow ? Duration.seconds(Number(values.MaxBatchingWindow)) : undefined,
    refetchesPerPath: number(values.RefetchesPerPath),
    maxPathsPerDay: number(values.MaxPathsPerDay) || undefined,
    indexDocument: IndexDocument || undefined,
    inspectBucket: whether(values.InspectBucket),
    readDistribution: whether(values.ReadDistribution),
    requests: whether(values.Requests),
    dryRun: whether(values.DryRun),
    monitoring,
    pathsPerDayBudget: monitoring ? Number(values.PathsPerDayBudget ?? 200) : undefined,
    alarmTopic: monitoring && AlarmTopicArn ? Topic.fromTopicArn(stack, 'Topic', AlarmTopicArn) : undefined,
    logRetention: number(values.LogRetention) as RetentionDays | undefined,
  };
}

/** In a stack of the name that the template was made in: addresses, and so some logical ids, are made of it. */
function expectSame(values: Values): void {
  const { stackName } = STAND_INS;
  const synthesized = withConstruct(stackName, (_, stack) => propsFor(values, stack)) as unknown as Template;
  const ofConstruct = resolved({ ...synthesized, Parameters: {} }, stackName);
  const ofTemplate = resolved(template, stackName, { ...REQUIRED, ...values });
  for (const all of [ofConstruct, ofTemplate]) {
    const { AlarmDescription } = all.Resources.InvalidatorMonitoringPathsPerDayBBE0B580?.Properties ?? {};
    if (AlarmDescription) {
      // CloudFormation cannot calculate what the budget costs.
      const properties = all.Resources.InvalidatorMonitoringPathsPerDayBBE0B580?.Properties as Record<string, string>;
      properties.AlarmDescription = AlarmDescription.replace(/cost \$(\d+\.\d\d|0\.005 each)\./, 'cost so much.');
    }
  }
  expect(ofTemplate).toEqual(ofConstruct);
}

/** Values of each parameter, the default among them as undefined. */
const VALUES: Readonly<Record<string, readonly (string | undefined)[]>> = {
  Events: [undefined, 'eventbridge'],
  Prefix: [undefined, 'site/docs/'],
  Exclude: [undefined, 'assets/**', 'assets/**,!assets/logo.png'],
  OriginPath: [undefined, 'none', '/site'],
  ViewerPrefix: [undefined, 'none', '/a/b'],
  QueryStrings: [undefined, 'true', 'false'],
  IndexDocument: [undefined, 'none', 'home.html'],
  MaxBatchingWindow: [undefined, ...WINDOWS.map(String)],
  RefetchesPerPath: [undefined, '7.5'],
  MaxPathsPerDay: [undefined, '0', '1000'],
  InspectBucket: [undefined, 'false'],
  ReadDistribution: [undefined, 'false'],
  Requests: [undefined, 'true'],
  DryRun: [undefined, 'true'],
  Monitoring: [undefined, 'false'],
  AlarmTopicArn: [undefined, TOPIC],
  PathsPerDayBudget: [undefined, '50'],
  LogRetention: [undefined, '7'],
};

describe('what the template creates is what the construct synthesizes with the same options:', () => {
  test('every parameter is varied', () => {
    const all = [...Object.keys(REQUIRED), ...Object.keys(VALUES)];
    expect(all.toSorted()).toEqual(Object.keys(template.Parameters ?? {}).toSorted());
  });

  test('the defaults', () => expectSame({}));

  const singles = Object.entries(VALUES).flatMap(([name, values]) =>
    values.filter((value) => value !== undefined).map((value): [string, string] => [name, value]),
  );
  test.each(singles)('%s=%s', (name, value) => expectSame({ [name]: value }));

  test('an origin path of several folders, without a prefix, by either kind of events', () => {
    expectSame({ OriginPath: '/a/b/c' });
    expectSame({ OriginPath: '/a/b/c', Events: 'eventbridge' });
    expectSame({ OriginPath: '/a/b/c', Prefix: 'a/b/c/d' });
  });

  test('any of them together', () => {
    const given = Object.fromEntries(
      Object.entries(VALUES).map(([name, values]) => [name, fc.constantFrom(...values)]),
    );
    const values = fc.record(given).map((all) => {
      const some = Object.entries(all).filter(([, value]) => value !== undefined);
      return Object.fromEntries(some) as Values;
    });
    // Each run synthesizes the construct.
    fc.assert(fc.property(values, expectSame), { numRuns: 25 });
  });
});

test('saved queries are in a folder of the name of the stack, whatever that is', () => {
  const { InvalidatorMonitoringCost3D1A423A: query } = resolved(template, 'Shop', REQUIRED).Resources;
  expect(query?.Properties.Name).toBe('Shop/Invalidator/Cost by distribution and day');
});

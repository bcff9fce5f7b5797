import { intrinsics, type Template } from '../../local/template/intrinsics';
import { override } from '../../local/template/overrides';
import { deadLetterQueueOf, siteOf } from '../../local/template/site';
import { readStack } from '../../local/template/stack-model';
import { LEDGER_TABLE } from './ledger-table';

const template: Template = {
  Parameters: { Stage: { Default: 'test' } },
  Conditions: { IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] }, Never: { 'Fn::Not': [{ Condition: 'IsTest' }] } },
  Resources: { Site: { Type: 'AWS::S3::Bucket' } },
};
const resolve = intrinsics(template, { 'AWS::Region': 'eu-west-1' }, (id, _, attribute) =>
  attribute === 'Nothing' ? undefined : `${id}.${attribute ?? 'Ref'}`,
);

test.each<[unknown, unknown]>([
  [{ Ref: 'Site' }, 'Site.Ref'],
  [{ Ref: 'AWS::Region' }, 'eu-west-1'],
  [{ Ref: 'Stage' }, 'test'],
  [{ 'Fn::GetAtt': ['Site', 'Arn'] }, 'Site.Arn'],
  [{ 'Fn::GetAtt': 'Site.Arn' }, 'Site.Arn'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'Site' }]] }, 'a-Site.Ref'],
  [{ 'Fn::Join': ['', { 'Fn::Split': ['.', { Ref: 'Site' }] }] }, 'SiteRef'],
  [{ 'Fn::Select': [1, { 'Fn::Split': ['.', { Ref: 'Site' }] }] }, 'Ref'],
  [{ 'Fn::Sub': `${'$'}{Site}/${'$'}{Site.Arn}/${'$'}{!Literal}` }, `Site.Ref/Site.Arn/${'$'}{Literal}`],
  [{ 'Fn::Sub': [`${'$'}{name}`, { name: { Ref: 'Stage' } }] }, 'test'],
  [{ 'Fn::If': ['IsTest', 'yes', 'no'] }, 'yes'],
  [{ 'Fn::If': ['Never', 'yes', 'no'] }, 'no'],
  [
    [1, { Ref: 'AWS::NoValue' }, true, null],
    [1, true, null],
  ],
  [{ deep: { er: { Ref: 'Site' } } }, { deep: { er: 'Site.Ref' } }],
])('%j is %j', (value, expected) => {
  expect(resolve(value)).toEqual(expected);
});

test.each<[unknown, RegExp]>([
  [{ 'Fn::ImportValue': 'x' }, /intrinsic function Fn::ImportValue/],
  [{ Ref: 'Missing' }, /Ref of Missing: the template has no such resource/],
  [{ 'Fn::GetAtt': ['Site', 'Nothing'] }, /attribute Nothing of Site \(AWS::S3::Bucket\)/],
  [{ 'Fn::If': ['Unknown', 1, 2] }, /no condition Unknown/],
])('%j is refused by name', (value, message) => {
  expect(() => resolve(value)).toThrow(message);
});

const stack: Template = {
  Resources: {
    Jobs0123ABCD: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 200,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
      },
      Metadata: { 'aws:cdk:path': 'Stack/Jobs/Resource' },
    },
    Ledger89ABCDEF: LEDGER_TABLE,
    Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
    Work: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Timeout: 30,
        Role: { 'Fn::GetAtt': ['SomeRole', 'Arn'] },
        Environment: {
          Variables: {
            ORIGINS: '[{"bucket":"old-site","distribution":"E1","path":"/site"}]',
            LEDGER_TABLE: { Ref: 'Ledger89ABCDEF' },
            LEDGER_ARN: { 'Fn::GetAtt': ['Ledger89ABCDEF', 'Arn'] },
          },
        },
      },
      Metadata: { 'aws:asset:path': 'asset.1' },
    },
    Custom: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: '' } } },
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Jobs0123ABCD', 'Arn'] }, FunctionName: { Ref: 'Work' } },
    },
    Notifications: {
      Type: 'Custom::S3BucketNotifications',
      Properties: { BucketName: 'old-site', NotificationConfiguration: { QueueConfigurations: [] } },
    },
  },
};

describe('a stack', () => {
  const model = readStack(stack, 'Stack', 'http://127.0.0.1:1');

  test('has its queues with what decides how they behave', () => {
    expect(model.queues[0]).toEqual({
      name: 'Jobs',
      arn: 'arn:aws:sqs:us-east-1:000000000000:Jobs',
      url: 'http://127.0.0.1:1/000000000000/Jobs',
      attributes: {
        VisibilityTimeout: '200',
        RedrivePolicy: '{"maxReceiveCount":3,"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:Dead"}',
      },
    });
    expect(deadLetterQueueOf(model, model.queues[0] ?? fail()).name).toBe('Dead');
  });

  test('has its tables with what decides what can be written and read', () => {
    expect(model.tables).toEqual([
      {
        name: 'Ledger',
        definition: {
          AttributeDefinitions: [{ AttributeName: 'distribution', AttributeType: 'S' }],
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'distribution', KeyType: 'HASH' }],
        },
      },
    ]);
  });

  test('tells its function the name and the ARN of a table', () => {
    expect(model.functions[0]?.environment).toMatchObject({
      LEDGER_TABLE: 'Ledger',
      LEDGER_ARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/Ledger',
    });
  });

  test('gives a table a name of three characters at least, as DynamoDB asks for', () => {
    const { tables } = readStack({ Resources: { T: { Type: 'AWS::DynamoDB::Table' } } }, 'Stack', '');
    expect(tables).toEqual([{ name: 'T00', definition: {} }]);
  });

  test('has the functions that have an asset, and not those that CloudFormation itself calls', () => {
    expect(model.functions.map(({ name, asset }) => [name, asset])).toEqual([['Work', 'asset.1']]);
  });

  test("has Lambda's defaults where the template says nothing", () => {
    expect(model.eventSources).toEqual([
      {
        queueArn: 'arn:aws:sqs:us-east-1:000000000000:Jobs',
        functionName: 'Work',
        batchSize: 10,
        batchingWindow: 0,
        maximumConcurrency: 1000,
        reportBatchItemFailures: false,
      },
    ]);
  });

  test('that is attached to what exists has its site by what the function is told', () => {
    expect(model.buckets).toEqual(['old-site']);
    expect(siteOf(model)).toEqual({
      id: 'E1',
      bucket: 'old-site',
      originPath: '/site',
      defaultRootObject: 'index.html',
      answersFolders: false,
    });
  });
});

test('overrides reach a property by the path of its construct', () => {
  const changed = override(stack, 'Stack', { Jobs: { 'RedrivePolicy.maxReceiveCount': 1, DelaySeconds: 5 } });
  expect(changed.Resources.Jobs0123ABCD?.Properties).toMatchObject({
    DelaySeconds: 5,
    RedrivePolicy: { maxReceiveCount: 1 },
  });
  expect(stack.Resources.Jobs0123ABCD?.Properties).not.toHaveProperty('DelaySeconds');
  expect(() => override(stack, 'Stack', { 'Jobs/Other': {} })).toThrow('no construct Jobs/Other');
});

function fail(): never {
  throw new Error('missing');
}

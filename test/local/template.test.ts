import { intrinsics, type Template } from '../../local/template/intrinsics';
import { override } from '../../local/template/overrides';
import { withParameters } from '../../local/template/parameters';
import { deadLetterQueueOf, siteOf } from '../../local/template/site';
import { readStack } from '../../local/template/stack-model';
import { LEDGER_TABLE } from './ledger-table';

const template: Template = {
  Parameters: { Stage: { Default: 'test' } },
  Mappings: { Sizes: { test: { Small: 1 }, prod: { Small: 2 } } },
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
  [{ 'Fn::If': ['Never', { Ref: 'Missing' }, 'no'] }, 'no'],
  [{ 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'Small'] }, 1],
  [{ 'Fn::Equals': [1, '1'] }, true],
  [{ a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
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
  [{ 'Fn::FindInMap': ['Sizes', 'test', 'Large'] }, /no Sizes\.test\.Large among its mappings/],
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

  test('has the functions whose code is in the template, if Node runs them', () => {
    const Properties = { Runtime: 'nodejs24.x', Code: { ZipFile: 'exports.handler = () => {}' } };
    const Inline = { Type: 'AWS::Lambda::Function', Properties };
    const Python = { Type: 'AWS::Lambda::Function', Properties: { ...Properties, Runtime: 'python3.13' } };
    const { functions } = readStack({ Resources: { Inline, Python } }, 'Stack', '');
    expect(functions.map(({ name, inlineCode }) => [name, inlineCode])).toEqual([['Inline', Properties.Code.ZipFile]]);
  });

  test('has no resource whose condition does not hold', () => {
    const Conditions = { Always: { 'Fn::Equals': [1, 1] }, Never: { 'Fn::Equals': [1, 2] } };
    const queue = (Condition: string) => ({ Type: 'AWS::SQS::Queue', Condition });
    const Resources = { Yes: queue('Always'), No: queue('Never') };
    expect(readStack({ Conditions, Resources }, 'Stack', '').queues.map(({ name }) => name)).toEqual(['Yes']);
  });

  test("has Lambda's defaults where the template says nothing", () => {
    expect(model.eventSources).toEqual([
      {
        queueArn: 'arn:aws:sqs:us-east-1:000000000000:Jobs',
        functionName: 'Work',
        batchSize: 10,
        maxBatchingWindow: 0,
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
  const queue = () => ({ Type: 'AWS::SQS::Queue', Properties: {} });
  const Resources = { OtherSomeJobs0123ABCD: queue(), SomeJobs0123ABCD: queue() };
  const unnamed = override({ Resources }, 'Stack', { 'Some/Jobs': { DelaySeconds: 5 } });
  expect(unnamed.Resources.SomeJobs0123ABCD?.Properties?.DelaySeconds).toBe(5);
  expect(unnamed.Resources.OtherSomeJobs0123ABCD?.Properties?.DelaySeconds).toBeUndefined();
});

function fail(): never {
  throw new Error('missing');
}

describe('parameters', () => {
  const Parameters = {
    Name: {
      Type: 'String',
      AllowedPattern: '^([a-z]+)$',
      ConstraintDescription: 'must be small letters',
      MaxLength: 5,
    },
    Size: { Type: 'Number', Default: 3, MinValue: 1, MaxValue: 9 },
    Kind: { Type: 'String', Default: 'a', AllowedValues: ['a', 'b'] },
    Some: { Type: 'CommaDelimitedList', Default: '', AllowedPattern: '|[a-z]' },
  };
  const given = (values: Record<string, string>) => {
    const { Parameters: all = {} } = withParameters({ Parameters, Resources: {} }, values);
    return Object.fromEntries(Object.entries(all).map(([name, { Default }]) => [name, Default]));
  };

  test('have the values that are given, or their defaults; lists are lists', () => {
    expect(given({ Name: 'abc', Some: 'a, b' })).toEqual({ Name: 'abc', Size: '3', Kind: 'a', Some: ['a', 'b'] });
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'The parameter Name has no default, and no value is given.'],
    [{ Name: 'abc', Other: 'x' }, 'The template has no parameter Other.'],
    [{ Name: 'ABC' }, 'The parameter Name must be small letters, but it is "ABC".'],
    [{ Name: 'abc\n' }, 'The parameter Name must be small letters, but it is "abc\\n".'],
    [{ Name: 'abcdef' }, 'The parameter Name must have at most 5 characters, but it is "abcdef".'],
    [{ Name: 'abc', Size: '10' }, 'The parameter Size must be a number from 1 to 9, but it is "10".'],
    [{ Name: 'abc', Size: '' }, 'The parameter Size must be a number from 1 to 9, but it is "".'],
    [{ Name: 'abc', Kind: 'c' }, 'The parameter Kind must be one of a, b, but it is "c".'],
    [{ Name: 'abc', Some: 'a,B' }, 'The parameter Some must match |[a-z], but it is "B".'],
  ])('%j are refused, as CloudFormation would', (values, message) => {
    expect(() => given(values)).toThrow(message);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Alias, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ChangeEvents, CloudFrontInvalidator } from '../../lib';
import { quietly } from './distribution/said';
import { emptyApp, emptyStack, existingDistribution } from './templates';

quietly();

const KEY_ARN = 'arn:aws:kms:us-east-1:111111111111:key/12345678-1234-1234-1234-123456789012';

function withKey(keyOf: (stack: Stack) => IKey, events?: ChangeEvents): { template: Template; stack: Stack } {
  const stack = emptyStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  new CloudFrontInvalidator(stack, 'Invalidator', {
    origins: [{ bucket, distribution: existingDistribution(stack, 'E1AAAAAA'), events }],
    encryptionKey: keyOf(stack),
  });
  return { template: Template.fromStack(stack), stack };
}

/** What the services may do with the keys of a stack. */
const allowedToServices = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'))
    .flatMap(({ Properties }) => Properties.KeyPolicy.Statement)
    .filter(({ Principal }) => Principal.Service !== undefined)
    .map(({ Principal, Action }) => [Principal.Service, Action]);

const MAY_DECRYPT = {
  PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt' })]) },
};

test('both queues are encrypted under the key', () => {
  const { template } = withKey((stack) => new Key(stack, 'Key'));
  template.resourceCountIs('AWS::SQS::Queue', 2);
  template.allResourcesProperties('AWS::SQS::Queue', {
    KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    SqsManagedSseEnabled: Match.absent(),
  });
});

test('the ledger stays under the key that DynamoDB owns, which nobody can disable', () => {
  const { template } = withKey((stack) => new Key(stack, 'Key'));
  template.allResourcesProperties('AWS::DynamoDB::Table', { SSESpecification: Match.absent() });
});

test('the function may decrypt', () => {
  withKey((stack) => new Key(stack, 'Key')).template.hasResourceProperties('AWS::IAM::Policy', MAY_DECRYPT);
});

test.each<[ChangeEvents, string]>([
  [ChangeEvents.NOTIFICATIONS, 's3.amazonaws.com'],
  [ChangeEvents.EVENTBRIDGE, 'events.amazonaws.com'],
])('by %s, only %s may send under it', (events, service) => {
  const { stack } = withKey((stack) => new Key(stack, 'Key'), events);
  expect(allowedToServices(stack)).toEqual([[service, ['kms:Decrypt', 'kms:GenerateDataKey']]]);
});

describe('the log', () => {
  function withLogKey(keyOf: (stack: Stack) => IKey): Stack {
    const stack = emptyStack();
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
    const origins = [{ bucket, distribution: existingDistribution(stack, 'E1AAAAAA') }];
    new CloudFrontInvalidator(stack, 'Invalidator', { origins, logEncryptionKey: keyOf(stack), monitoring: false });
    return stack;
  }

  test('is encrypted under its key, which CloudWatch Logs of this account alone may use', () => {
    const stack = withLogKey((stack) => new Key(stack, 'Key'));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    });
    const here = (...around: string[]) => ({
      'Fn::Join': ['', around.flatMap((text, at) => (at === 0 ? [text] : [HERE[at - 1], text])).filter(Boolean)],
    });
    const HERE = [{ Ref: 'AWS::Partition' }, { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }];
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
            // Of China it has another ending.
            Principal: {
              Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] },
            },
            Resource: '*',
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': here('arn:', ':logs:', ':', ':*') } },
          },
        ]),
      },
    });
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.absent() });
  });

  test('may be under an imported key, whose policy stays as it is', () => {
    const stack = withLogKey((stack) => Key.fromKeyArn(stack, 'Key', KEY_ARN));
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: KEY_ARN });
  });
});

test('the documentation says for imported keys what is added to others', () => {
  const page = readFileSync(join(__dirname, '../../docs/buckets.md'), 'utf8');
  const documented = JSON.parse(page.match(/^```json\n(.*?)^```/ms)?.[1] ?? '');
  const { template } = withKey((stack) => new Key(stack, 'Key'));
  const statement = { ...documented, Action: documented.Action.toSorted() };
  template.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: Match.arrayWith([statement]) } });
});

test('the key may be of another stack', () => {
  let other: Stack | undefined;
  const { template } = withKey((stack) => {
    other = new Stack(stack.node.root, 'Keys');
    return new Key(other, 'Key');
  });
  expect(allowedToServices(other as Stack)).toEqual([['s3.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']]]);
  template.allResourcesProperties('AWS::SQS::Queue', {
    KmsMasterKeyId: { 'Fn::ImportValue': Match.stringLikeRegexp('^Keys:') },
  });
});

test('the key may be imported', () => {
  const { template } = withKey((stack) => Key.fromKeyArn(stack, 'Key', KEY_ARN));
  template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: KEY_ARN });
  template.hasResourceProperties('AWS::IAM::Policy', MAY_DECRYPT);
});

test.each([true, false])(
  'the key may be known by its alias alone, and the function may decrypt, whatever CDK grants (%s)',
  (grants) => {
    for (const isKnown of [true, false]) {
      const app = emptyApp({ '@aws-cdk/aws-kms:applyImportedAliasPermissionsToPrincipal': grants });
      const stack = new Stack(app, 'Test');
      const alias = isKnown ? 'alias/mine' : new CfnParameter(stack, 'Alias').valueAsString;
      new CloudFrontInvalidator(stack, 'Invalidator', {
        origins: [
          {
            bucket: Bucket.fromBucketName(stack, 'Bucket', 'site-a'),
            distribution: existingDistribution(stack, 'E1AAAAAA'),
          },
        ],
        encryptionKey: Alias.fromAliasName(stack, 'Key', alias),
        monitoring: false,
      });
      const condition = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': stack.resolve(alias) } };
      const key = ['arn:', { Ref: 'AWS::Partition' }, ':kms:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }];
      const [policy] = Object.values(
        Template.fromStack(stack).findResources('AWS::IAM::Policy', {
          Properties: { PolicyName: Match.stringLikeRegexp('InvalidatorRole') },
        }),
      );
      expect(policy?.Properties.PolicyDocument.Statement).toContainEqual({
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: { 'Fn::Join': ['', [...key, ':key/*']] },
        Condition: condition,
      });
    }
  },
);

test.each([true, false])(
  'who may send to the queue may use a key that is known by its alias, too (flag %s)',
  (grants) => {
    const app = emptyApp({ '@aws-cdk/aws-kms:applyImportedAliasPermissionsToPrincipal': grants });
    const stack = new Stack(app, 'Test');
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
    const invalidator = new CloudFrontInvalidator(stack, 'Invalidator', {
      origins: [{ bucket, distribution: existingDistribution(stack, 'E1AAAAAA') }],
      encryptionKey: Alias.fromAliasName(stack, 'Key', 'alias/mine'),
      eventBus: EventBus.fromEventBusName(stack, 'Bus', 'default'),
      requests: true,
      monitoring: false,
    });
    const sender = new Role(stack, 'Sender', { assumedBy: new AccountRootPrincipal() });
    invalidator.grantRequestInvalidations(sender);
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const allowed = (name: string) =>
      policies
        .filter(({ Properties }) => Properties.PolicyName.startsWith(name))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
        .filter(({ Condition }) => Condition?.['ForAnyValue:StringEquals']?.['kms:ResourceAliases'] === 'alias/mine')
        .flatMap(({ Action }) => Action);
    for (const name of ['InvalidatorRole', 'Sender']) {
      expect(allowed(name)).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey']));
    }
  },
);

test("AWS's own key is refused", () => {
  expect(() => withKey((stack) => Alias.fromAliasName(stack, 'Key', 'alias/aws/sqs'))).toThrow(
    'encryptionKey must be a customer managed key: a key of AWS lets no service in, but it is "alias/aws/sqs"',
  );
});

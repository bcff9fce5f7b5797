import { type CfnElement, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type CfnTopic, type ITopic, Topic, TopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CloudFrontInvalidator } from '../../lib';
import { quietly, said } from './distribution/said';
import { emptyApp, emptyStack, existingDistribution } from './templates';

quietly();

function withTopic(topicOf: (stack: Stack) => ITopic, afterwards: (topic: ITopic) => void = () => undefined): Stack {
  const stack = emptyStack();
  const alarmTopic = topicOf(stack);
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  new CloudFrontInvalidator(stack, 'Invalidator', {
    origins: [{ bucket, distribution: existingDistribution(stack, 'E1AAAAAA') }],
    alarmTopic,
  });
  afterwards(alarmTopic);
  return stack;
}

const MAY_PUBLISH = {
  PolicyDocument: {
    Statement: Match.arrayWith([
      Match.objectLike({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ]),
  },
};

const MAY_ENCRYPT = {
  KeyPolicy: {
    Statement: Match.arrayWith([
      Match.objectLike({
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Principal: { Service: 'cloudwatch.amazonaws.com' },
      }),
    ]),
  },
};

const publish = (topic: ITopic) =>
  new PolicyStatement({
    actions: ['sns:Publish'],
    principals: [new AccountRootPrincipal()],
    resources: [topic.topicArn],
  });

test.each<[string, (stack: Stack) => ITopic, (topic: ITopic) => void]>([
  ['that demands TLS', (stack) => new Topic(stack, 'Topic', { enforceSSL: true }), () => undefined],
  [
    'that gets a policy later',
    (stack) => new Topic(stack, 'Topic'),
    (topic) => topic.addToResourcePolicy(publish(topic)),
  ],
  [
    'with a policy that is a construct of its own',
    (stack) => new Topic(stack, 'Topic'),
    (topic) => new TopicPolicy(Stack.of(topic), 'Policy', { topics: [topic] }).document.addStatements(publish(topic)),
  ],
])('alarms may notify a topic %s', (_, topicOf, afterwards) => {
  Template.fromStack(withTopic(topicOf, afterwards)).hasResourceProperties('AWS::SNS::TopicPolicy', MAY_PUBLISH);
});

test('a topic without a policy gets none, for it would take away what every topic allows', () => {
  Template.fromStack(withTopic((stack) => new Topic(stack, 'Topic'))).resourceCountIs('AWS::SNS::TopicPolicy', 0);
});

test('the policies of other topics stay as they are', () => {
  const stack = withTopic((stack) => {
    new Topic(stack, 'Other', { enforceSSL: true });
    return new Topic(stack, 'Topic');
  });
  expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::SNS::TopicPolicy'))).not.toContain('cloudwatch');
});

test('alarms may notify an encrypted topic, under its key, which an alias may name, or which is of another stack', () => {
  const topicOf = (stack: Stack) => new Topic(stack, 'Topic', { masterKey: new Key(stack, 'Key') });
  Template.fromStack(withTopic(topicOf)).hasResourceProperties('AWS::KMS::Key', MAY_ENCRYPT);
  const byAlias = (stack: Stack) => new Topic(stack, 'Topic', { masterKey: new Key(stack, 'Key').addAlias('topics') });
  Template.fromStack(withTopic(byAlias)).hasResourceProperties('AWS::KMS::Key', MAY_ENCRYPT);
  let other: Stack | undefined;
  withTopic((stack) => {
    other = new Stack(stack.node.root, 'Topics');
    return new Topic(other, 'Topic', { masterKey: new Key(other, 'Key'), enforceSSL: true });
  });
  Template.fromStack(other as Stack).hasResourceProperties('AWS::KMS::Key', MAY_ENCRYPT);
  Template.fromStack(other as Stack).hasResourceProperties('AWS::SNS::TopicPolicy', MAY_PUBLISH);
});

test.each<[string, (stack: Stack) => ITopic]>([
  [
    'by its alias',
    (stack) => new Topic(stack, 'Topic', { masterKey: Alias.fromAliasName(stack, 'Key', 'alias/aws/sns') }),
  ],
  [
    "by CloudFormation's property",
    (stack) => {
      const topic = new Topic(stack, 'Topic');
      (topic.node.defaultChild as CfnTopic & CfnElement).kmsMasterKeyId = 'alias/aws/sns';
      return topic;
    },
  ],
])("a topic under AWS's own key, %s, is refused", (_, topicOf) => {
  expect(said(withTopic(topicOf))[0]).toContain(
    'alarmTopic must be under a customer managed key, or none: alarms cannot notify under alias/aws/sns, but it is "Test/Topic"',
  );
});

test('an imported topic is left as it is, and one of another region is refused', () => {
  const topicOf = (stack: Stack) => Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111111111111:alarms');
  Template.fromStack(withTopic(topicOf)).resourceCountIs('AWS::SNS::TopicPolicy', 0);
  const stack = new Stack(emptyApp(), 'Site', { env: { account: '111111111111', region: 'eu-west-1' } });
  expect(
    () =>
      new CloudFrontInvalidator(stack, 'Invalidator', {
        origins: [
          {
            bucket: Bucket.fromBucketName(stack, 'Bucket', 'site-a'),
            distribution: existingDistribution(stack, 'E1AAAAAA'),
          },
        ],
        alarmTopic: topicOf(stack),
      }),
  ).toThrow('Site/Invalidator: alarmTopic must be in the region of the invalidator, eu-west-1, but it is "us-east-1"');
});

import { Aspects, type CfnResource, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, TopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { letEncrypt } from '../encryption';
import { isOwned } from '../ownership';
import { error, type Finding } from '../synthesis/finding';
import { isOfType, makeRendering, type Rendering } from '../synthesis/rendering';

/**
 * Lets alarms notify a topic of the app, under its key and by its policies. A topic without a policy lets them by itself, and a
 * policy takes that away, such as one that demands TLS, whenever it is added.
 */
export function letAlarmsNotify(scope: Construct, topic: ITopic): void {
  if (!isOwned(topic)) return;
  const service = 'cloudwatch.amazonaws.com';
  if (topic.masterKey) letEncrypt(topic.masterKey, service);
  const statement = new PolicyStatement({
    principals: [new ServicePrincipal(service)],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
  const rendering = makeRendering();
  Aspects.of(Stack.of(topic)).add({
    visit(policy) {
      if (!(policy instanceof TopicPolicy)) return;
      const { Topics } = rendering.properties(policy.node.defaultChild as CfnResource) ?? {};
      if (rendering.targetsIn(Topics).includes(topic.node.defaultChild)) policy.document.addStatements(statement);
    },
  });
}

/** A key of AWS's own cannot be changed, and lets no alarm notify. */
export function topicFindings(topic: ITopic | undefined, rendering: Rendering): Finding[] {
  const resource = topic?.node.defaultChild;
  if (!topic || !isOfType(resource, 'AWS::SNS::Topic')) return [];
  const { KmsMasterKeyId: key } = rendering.properties(resource) ?? {};
  if (!/alias\/aws\//.test(JSON.stringify(key) ?? '')) return [];
  const rule = 'must be under a customer managed key, or none: alarms cannot notify under alias/aws/sns';
  return [error('alarmTopic', rule, topic.node.path)];
}

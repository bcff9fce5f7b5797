import type { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { stackOf, synthesized } from './templates';

const BUCKET = '<Bucket.Arn>';
const EXISTING_BUCKET = 'arn:<AWS::Partition>:s3:::site-bucket';
const CACHE_POLICIES = 'arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:cache-policy/*';
const DISTRIBUTIONS = 'arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution';

/** What lets whom do what, in the whole template: a line for each statement, and for each policy of AWS's that a role has. */
function permissionsOf(template: Template): Record<string, string[]> {
  const permissions: Record<string, string[]> = {};
  for (const [id, { Type, Properties }] of Object.entries<Resource>(template.toJSON().Resources)) {
    const lines = [...statementsIn(Properties).map(lineOf), ...managedPoliciesOf(Properties)];
    if (lines.length > 0 || /Policy|Permission|IAM/.test(Type)) {
      permissions[`${readable(id)} (${Type.replace('AWS::', '')})${holderOf(Properties)}`] = lines.sort();
    }
  }
  return permissions;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** At whatever depth, so that inline policies and kinds of policy that we do not have today are found, too. */
function statementsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => (name === 'Statement' ? [each].flat() : statementsIn(each)));
}

function managedPoliciesOf({ ManagedPolicyArns = [] }: Record<string, unknown>): string[] {
  return (ManagedPolicyArns as unknown[]).map((arn) => `has ${text(arn)}`);
}

function holderOf({ Roles, Queues, Bucket }: Record<string, unknown>): string {
  const holders = [Roles, Queues, Bucket].flat().filter(Boolean).map(text);
  return holders.length > 0 ? ` of ${holders.join(', ')}` : '';
}

function lineOf({ Effect, Action, Principal, Resource, Condition, ...others }: Record<string, unknown>): string {
  if (Object.keys(others).length > 0) throw new Error(`A statement with ${Object.keys(others)}`);
  return [
    `${Effect} ${[Action].flat().join(', ')}`,
    Principal === undefined ? '' : ` by ${text(Object.values(Principal as object).flat())}`,
    Resource === undefined ? '' : ` on ${text([Resource].flat())}`,
    Condition === undefined ? '' : ` if ${JSON.stringify(Condition, (_, each) => (isCall(each) ? text(each) : each))}`,
  ].join('');
}

/** A value of the template, what stands for another value between `<` and `>`. */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(text).join(', ');
  const [[name, argument] = []] = Object.entries(value as Record<string, unknown>);
  if (name === 'Ref') return `<${readable(String(argument))}>`;
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).map(readable).join('.')}>`;
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(text).join((argument as [string])[0]);
  throw new Error(`Not known here: ${name}`);
}

function isCall(value: unknown): boolean {
  return typeof value === 'object' && value !== null && /^(Ref|Fn::\w+)$/.test(Object.keys(value).join());
}

/** The logical id without the hashes that CDK puts behind it. */
function readable(logicalId: string): string {
  return logicalId.replace(/(?<=.)[0-9A-F]{8}$/, '').replace(/[0-9a-f]{32}/, '');
}

const permissions = (bucket: string, distribution: string, notifications: string[]) => ({
  'BucketNotificationsHandlerPolicy (IAM::Policy) of <BucketNotificationsHandlerRole>': [
    `Allow ${notifications.join(', ')} on ${bucket}`,
  ],
  'BucketNotificationsHandlerRole (IAM::Role)': [
    'Allow sts:AssumeRole by lambda.amazonaws.com',
    'has arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
  ],
  'InvalidatorDeadLetterQueuePolicy (SQS::QueuePolicy) of <InvalidatorDeadLetterQueue>': [
    'Deny sqs:* by * on <InvalidatorDeadLetterQueue.Arn> if {"Bool":{"aws:SecureTransport":"false"}}',
  ],
  'InvalidatorQueuePolicy (SQS::QueuePolicy) of <InvalidatorQueue>': [
    `Allow sqs:SendMessage by s3.amazonaws.com on <InvalidatorQueue.Arn> if {"ArnEquals":{"aws:SourceArn":["${bucket}"]},"StringEquals":{"aws:SourceAccount":"<AWS::AccountId>"}}`,
    'Deny sqs:* by * on <InvalidatorQueue.Arn> if {"Bool":{"aws:SecureTransport":"false"}}',
  ],
  'InvalidatorRole (IAM::Role)': ['Allow sts:AssumeRole by lambda.amazonaws.com'],
  'InvalidatorRoleDefaultPolicy (IAM::Policy) of <InvalidatorRole>': [
    `Allow cloudfront:CreateInvalidation, cloudfront:GetDistributionConfig on ${DISTRIBUTIONS}/${distribution}`,
    `Allow cloudfront:GetCachePolicyConfig on ${CACHE_POLICIES}`,
    'Allow dynamodb:GetItem, dynamodb:UpdateItem on <InvalidatorLedger.Arn>',
    'Allow logs:CreateLogStream, logs:PutLogEvents on <InvalidatorLogs.Arn>',
    `Allow s3:ListBucket on ${bucket}`,
    'Allow sqs:ChangeMessageVisibility, sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:GetQueueUrl, sqs:ReceiveMessage on <InvalidatorQueue.Arn>',
  ],
});

test('attached to what exists, these are all permissions there are', () => {
  const attached = synthesized({ bucketName: 'site-bucket', distributionId: 'E123EXAMPLE' });
  expect(permissionsOf(attached)).toEqual(
    permissions(EXISTING_BUCKET, 'E123EXAMPLE', ['s3:GetBucketNotification', 's3:PutBucketNotification']),
  );
});

test('in the complete site, these are all permissions there are', () => {
  expect(permissionsOf(synthesized())).toEqual({
    ...permissions(BUCKET, '<Distribution>', ['s3:PutBucketNotification']),
    'BucketPolicy (S3::BucketPolicy) of <Bucket>': [
      'Allow s3:GetObject by cloudfront.amazonaws.com on <Bucket.Arn>/* if {"StringEquals":{"AWS:SourceArn":"' +
        `${DISTRIBUTIONS}/<Distribution>"}}`,
      'Deny s3:* by * on <Bucket.Arn>, <Bucket.Arn>/* if {"Bool":{"aws:SecureTransport":"false"}}',
    ],
    // Of headers, not of permissions.
    'ResponseHeaders (CloudFront::ResponseHeadersPolicy)': [],
  });
});

/** What cdk-nag's AwsSolutions rules find and we leave as it is, each with its reason. */
const SITE_EXCEPTIONS: Readonly<Record<string, string>> = {
  'Bucket/Resource AwsSolutions-S1':
    "The bucket holds what anybody may read; logging the distribution's own reads of it costs storage and tells nothing.",
  'Distribution/Resource AwsSolutions-CFR1':
    'A site is for everybody, unless its owner says otherwise; no country can be left out by default.',
  'Distribution/Resource AwsSolutions-CFR2':
    'A web ACL costs more a month than all the rest of the stack, and static files have nothing to inject into.',
  'Distribution/Resource AwsSolutions-CFR3':
    "Access logs hold the viewers' addresses, and cost storage: whether to keep them is for the site's owner to decide.",
  'Distribution/Resource AwsSolutions-CFR4':
    'CloudFront fixes the TLS version of its own domain; with a domain and a certificate of its own a site can raise it.',
};

const EXCEPTIONS: Readonly<Record<string, string>> = {
  'BucketNotificationsHandler050a0587b7544547bf325f094a3db834/Role/Resource AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
    "CDK's own function, which runs at deploy time alone; AWS's policy lets it write logs, and nothing else.",
  'Invalidator/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:cache-policy/*]':
    'A distribution may have another cache policy at any time, without this stack. They hold no secret, and are only read.',
  'Invalidator/Ledger/Resource AwsSolutions-DDB3':
    'Nothing in the ledger has to be recovered: without it some changes are paid for twice, and none is stale.',
};

const [HANDLER = ''] = Object.keys(EXCEPTIONS);
const { [HANDLER]: _, ...WITHOUT_HANDLER } = EXCEPTIONS;

const OF_EVENTBRIDGE: Readonly<Record<string, string>> = {
  ...WITHOUT_HANDLER,
  'Invalidator/UndeliveredEvents/Resource AwsSolutions-SQS3':
    'It is a dead-letter queue itself: that of the rule, which cdk-nag does not look at.',
};

test.each([
  [
    'by EventBridge',
    { bucketName: 'site-bucket', distributionId: 'E123EXAMPLE', events: 'eventbridge' },
    OF_EVENTBRIDGE,
  ],
  ['the complete site', {}, { ...EXCEPTIONS, ...SITE_EXCEPTIONS }],
  ['attached to what exists', { bucketName: 'site-bucket', distributionId: 'E123EXAMPLE' }, EXCEPTIONS],
])('%s: cdk-nag finds what is excepted with a reason, and nothing else', (_, context, exceptions) => {
  const stack = stackOf(context);
  const { violations } = new AwsSolutionsChecks().validateScope(stack);
  const found = violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(
      ({ constructPath = '' }) => `${constructPath.slice(stack.node.path.length + 1)} ${ruleName}`,
    ),
  );
  expect(found.sort()).toEqual(Object.keys(exceptions).sort());
  for (const reason of Object.values(exceptions)) expect(reason.length).toBeGreaterThan(40);
});

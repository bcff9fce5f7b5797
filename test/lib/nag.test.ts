import { AwsSolutionsChecks } from 'cdk-nag';
import { stackOf } from './templates';

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
};

test.each([
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

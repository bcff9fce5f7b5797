import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CloudFrontInvalidator, type CloudFrontInvalidatorProps } from '../../lib';
import { quietly, said } from './distribution/said';
import { emptyApp, emptyStack, existingDistribution, only } from './templates';

quietly();

type Props = Omit<CloudFrontInvalidatorProps, 'origins'>;

function stackWith(propsOf: (stack: Stack) => Props): Stack {
  const stack = emptyStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'site-a');
  const distribution = existingDistribution(stack, 'E1AAAAAA');
  new CloudFrontInvalidator(stack, 'Invalidator', { origins: [{ bucket, distribution }], ...propsOf(stack) });
  return stack;
}

/** Of the function that invalidates, and not of CDK's own. */
const INVALIDATES = { Description: 'Invalidates in CloudFront what changes in S3' };

const EC2_ACTIONS = Match.arrayWith(['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface']);

test('without a vpc the function is in none, and may do nothing in EC2', () => {
  const template = Template.fromStack(stackWith(() => ({})));
  expect(only(template, 'AWS::Lambda::Function', INVALIDATES).VpcConfig).toBeUndefined();
  expect(JSON.stringify(template.toJSON())).not.toContain('ec2:');
});

test('in a vpc it is in the private subnets, with a security group of its own', () => {
  const template = Template.fromStack(stackWith((stack) => ({ vpc: new Vpc(stack, 'Vpc') })));
  const { VpcConfig } = only(template, 'AWS::Lambda::Function', INVALIDATES) as {
    VpcConfig: { SubnetIds: { Ref: string }[]; SecurityGroupIds: unknown[] };
  };
  expect(VpcConfig.SubnetIds.map(({ Ref }) => Ref.replace(/Subnet.*/, ''))).toEqual(['VpcPrivate', 'VpcPrivate']);
  expect(VpcConfig.SecurityGroupIds).toHaveLength(1);
});

test('Lambda may connect it, and the code may not', () => {
  const template = Template.fromStack(stackWith((stack) => ({ vpc: new Vpc(stack, 'Vpc') })));
  const functions = { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':function:\\*$')])] };
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Allow', Action: EC2_ACTIONS, Resource: '*', Condition: Match.absent() }),
        Match.objectLike({
          Effect: 'Deny',
          Action: EC2_ACTIONS,
          Resource: '*',
          Condition: { ArnLike: { 'lambda:SourceFunctionArn': functions } },
        }),
      ]),
    },
  });
});

test('subnets and security groups may be chosen', () => {
  const stack = stackWith((stack) => {
    const vpc = new Vpc(stack, 'Vpc', {
      subnetConfiguration: ['A', 'B']
        .map((name) => ({ name, subnetType: SubnetType.PRIVATE_WITH_EGRESS }))
        .concat({
          name: 'Public',
          subnetType: SubnetType.PUBLIC as SubnetType.PRIVATE_WITH_EGRESS,
        }),
    });
    const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-12345678')];
    return { vpc, vpcSubnets: { subnetGroupName: 'B' }, securityGroups };
  });
  const { VpcConfig } = only(Template.fromStack(stack), 'AWS::Lambda::Function', INVALIDATES);
  expect(VpcConfig).toEqual({
    SubnetIds: [{ Ref: expect.stringMatching(/^VpcB/) }, { Ref: expect.stringMatching(/^VpcB/) }],
    SecurityGroupIds: ['sg-12345678'],
  });
});

test('isolated subnets get a warning, because CloudFront cannot be reached from them', () => {
  const isolated = (stack: Stack) =>
    new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Own', subnetType: SubnetType.PRIVATE_ISOLATED }] });
  const warnings = (stack: Stack) => said(stack).filter((each) => each.includes('isolated subnets'));
  expect(warnings(stackWith((stack) => ({ vpc: isolated(stack) })))).toHaveLength(1);
  expect(warnings(stackWith((stack) => ({ vpc: new Vpc(stack, 'Vpc') })))).toEqual([]);
});

test('a vpc of another region is an error', () => {
  const app = emptyApp();
  const [there, here] = ['eu-west-1', 'us-east-1'].map(
    (region) => new Stack(app, region, { env: { account: '111111111111', region } }),
  ) as [Stack, Stack];
  const vpc = new Vpc(there, 'Vpc');
  const origins = [
    {
      bucket: Bucket.fromBucketName(here, 'Bucket', 'site-a'),
      distribution: existingDistribution(here, 'E1AAAAAA'),
    },
  ];
  expect(() => new CloudFrontInvalidator(here, 'Invalidator', { origins, vpc })).toThrow(
    'vpc must be in the region of the invalidator, us-east-1, but it is "eu-west-1"',
  );
});

test('others may be granted to the construct, which is to its function', () => {
  const stack = emptyStack();
  const bucket = new Bucket(stack, 'Bucket');
  const distribution = existingDistribution(stack, 'E1AAAAAA');
  const invalidator = new CloudFrontInvalidator(stack, 'Invalidator', { origins: [{ bucket, distribution }] });
  const other = new Bucket(stack, 'Other');
  other.grantRead(invalidator);
  expect(invalidator.grantPrincipal).toBe(invalidator.function.role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['s3:GetObject*']) })]) },
  });
});

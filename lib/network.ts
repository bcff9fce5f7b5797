import { Stack } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { type Finding, warning } from './synthesis/finding';

/** EC2 tells of interfaces and subnets only to those that may see all of them. */
const INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lets Lambda connect a function with the role to a VPC: what AWSLambdaVPCAccessExecutionRole allows, but without its access to every
 * log group. The code of the function may do none of it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
 */
export function letJoinVpc(role: Role): void {
  const functions = Stack.of(role).formatArn({ service: 'lambda', resource: 'function:*' });
  const [actions, resources] = [INTERFACE_ACTIONS, ['*']];
  role.addToPolicy(new PolicyStatement({ actions, resources }));
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions,
      resources,
      conditions: { ArnLike: { 'lambda:SourceFunctionArn': functions } },
    }),
  );
}

/** From isolated subnets the function reaches no CloudFront, and all that it does fails. */
export function networkFindings(vpc: IVpc | undefined, selection: SubnetSelection | undefined): Finding[] {
  if (!vpc) return [];
  const isolated = new Set(vpc.isolatedSubnets.map(({ subnetId }) => subnetId));
  const { subnetIds } = vpc.selectSubnets(selection);
  if (!subnetIds.some((id) => isolated.has(id))) return [];
  const why =
    'has isolated subnets: unless they get another route to the internet, the function does not reach CloudFront';
  return [warning('vpcSubnets', `vpcSubnets ${why}`)];
}

import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { keep } from './rules';

/** The rules of where in the network the function runs. */

export function checkVpc(vpc: IVpc, option: string): IVpc {
  return keep(vpc, option, [typeof vpc.vpcId === 'string', 'must be a VPC of CDK, as Vpc.fromLookup makes']);
}

/** A list of subnets, or of their ids, is what people try first. */
export function checkSubnets(subnets: SubnetSelection, option: string): SubnetSelection {
  const isSelection = typeof subnets === 'object' && !Array.isArray(subnets);
  keep(subnets, option, [isSelection, 'must be a selection of subnets, such as { subnets: [subnet] }']);
  return keep(subnets, option, [subnets.subnets?.length !== 0, 'must have at least one subnet']);
}

export function checkSecurityGroups(groups: readonly ISecurityGroup[], option: string): ISecurityGroup[] {
  keep(groups, option, [Array.isArray(groups), 'must be an array of security groups']);
  keep(groups, option, [groups.length > 0, 'must have at least one security group']);
  for (const [at, group] of groups.entries()) {
    const isOne = typeof group?.securityGroupId === 'string';
    keep(group, `${option}[${at}]`, [isOne, 'must be a security group of CDK']);
  }
  const ids = new Set(groups.map(({ securityGroupId }) => securityGroupId));
  keep(groups, option, [ids.size === groups.length, 'must not have a security group twice']);
  keep(groups, option, [groups.length <= MOST_GROUPS, `must have at most ${MOST_GROUPS} security groups`]);
  return [...groups];
}

/** Lambda's own limit. */
const MOST_GROUPS = 5;

import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { grantInvalidate } from './distribution/grant-invalidate';
import { grantRead } from './distribution/grant-read';
import { grantByAlias } from './encryption';
import { grantFollowing } from './grant-following';
import { grantLedgerAccess } from './ledger-table';
import { letJoinVpc } from './network';
import type { CheckedOptions } from './options/options';

interface Used {
  readonly logGroup: ILogGroup;
  readonly ledger: Table;
  readonly queue: IQueue;
}

/** The function's role: what its options need, and nothing more. CDK's default one may write to every log group of the account. */
export function makeRole(scope: Construct, options: CheckedOptions, { logGroup, ledger, queue }: Used): Role {
  const { origins, encryptionKey, eventBus } = options;
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  if (options.vpc) letJoinVpc(role);
  grantByAlias(encryptionKey, role, scope, ['kms:Decrypt']);
  grantLedgerAccess(ledger, role);
  if (options.inspectBucket) {
    const resources = origins.map(({ bucket }) => bucket.bucketArn);
    role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources }));
  }
  const distributions = origins.map(({ distribution }) => distribution);
  if (options.readDistribution) grantRead(distributions, role);
  if (!options.dryRun) grantInvalidate(origins, role);
  if (eventBus) grantFollowing(role, { eventBus, queue, encryptionKey, origins });
  return role;
}

import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LEDGER_KEY } from '../lambda/contract/environment';

/**
 * The ledger: an item for each distribution, with the lease of the one invocation that may write to it, and what was
 * invalidated lately. A table that is lost costs a few paths and no freshness, so it has no backups and goes with the stack.
 *
 * DynamoDB encrypts it under a key of its own, whatever `encryptionKey` says: it holds nothing but paths that viewers request, and
 * a key that is disabled, or throttled, must not delay an invalidation.
 */
export function makeLedgerTable(scope: Construct): Table {
  return new Table(scope, 'Ledger', {
    partitionKey: { name: LEDGER_KEY, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** Lets a role read and update an item by its key. CDK's own grants of reading and writing have a dozen actions. */
export function grantLedgerAccess(ledger: Table, role: Role): void {
  role.addToPolicy(
    new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], resources: [ledger.tableArn] }),
  );
}

import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import { QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { isOwned } from './ownership';

/** How the queues are encrypted. */
export function encryptionBy(key: IKey | undefined): Pick<QueueProps, 'encryption' | 'encryptionMasterKey'> {
  const { KMS, SQS_MANAGED } = QueueEncryption;
  return key ? { encryption: KMS, encryptionMasterKey: key } : { encryption: SQS_MANAGED };
}

/**
 * Lets a service send to queues or topics under a key, as AWS documents it
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html). Which buckets and
 * rules may send is left to the queue's policy: not everything that EventBridge sends to an encrypted target meets a
 * condition on the source in the key's policy (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html), and what it
 * stops is lost without an error. The policy of an imported key stays as it is.
 */
export function letEncrypt(key: IKey, service: string): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(service)],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['*'],
    }),
  );
}

/**
 * Lets CloudWatch Logs encrypt the log groups of the stack's account under a key. The name of the one log group is not known before it
 * is there, and it cannot be made before this.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function letEncryptLogs(key: IKey, scope: IConstruct): void {
  const stack = Stack.of(scope);
  const ofAccount = stack.formatArn({ service: 'logs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME });
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': ofAccount } },
    }),
  );
}

/**
 * Lets a principal use a key that is known by its alias alone: an imported alias grants nothing by itself, unless the app sets a
 * feature flag. Other keys grant by themselves.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function grantByAlias(key: IKey | undefined, grantee: IGrantable, scope: IConstruct, actions: string[]): void {
  const { aliasName } = (key ?? {}) as Partial<IAlias>;
  if (!key || aliasName === undefined || isOwned(key)) return;
  Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns: [Stack.of(scope).formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
    conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': aliasName } },
  });
}

import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import { QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
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
 * Lets a role decrypt under a key that is known by its alias alone: an imported alias grants nothing by itself, unless the app sets
 * a feature flag. https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function letDecryptByAlias(key: IKey, role: Role): void {
  const { aliasName } = key as Partial<IAlias>;
  if (aliasName === undefined || isOwned(key)) return;
  role.addToPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [Stack.of(role).formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
      conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': aliasName } },
    }),
  );
}

import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { OptionError } from './options/option-error';

/**
 * How the queues are encrypted.
 *
 * @throws OptionError for AWS's own key, whose policy lets no service send
 */
export function encryptionBy(key: IKey | undefined): Pick<QueueProps, 'encryption' | 'encryptionMasterKey'> {
  if (key === undefined) return { encryption: QueueEncryption.SQS_MANAGED };
  if (typeof key.keyId !== 'string') throw new OptionError('encryptionKey', 'must be a KMS key', key);
  if (key.keyId.startsWith('alias/aws/')) {
    throw new OptionError('encryptionKey', 'must be a customer managed key: S3 cannot send under another', key.keyId);
  }
  return { encryption: QueueEncryption.KMS, encryptionMasterKey: key };
}

/**
 * Lets a service send to queues under a key, as AWS documents it
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

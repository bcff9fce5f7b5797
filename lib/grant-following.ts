import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { grantOnTargets } from './distribution/grant-invalidate';
import { grantByAlias } from './encryption';
import type { InvalidatorOrigin } from './props';

interface Followed {
  readonly eventBus: IEventBus;
  /** The function's own. */
  readonly queue: IQueue;
  /** Of the queue. */
  readonly encryptionKey: IKey | undefined;
  readonly origins: readonly Pick<InvalidatorOrigin, 'distribution' | 'tenant'>[];
}

/**
 * Lets a role follow invalidations until they are completed: look at them, send itself a message to look later, and tell a bus. CDK's
 * own grant of sending has more actions than one.
 */
export function grantFollowing(role: Role, { eventBus, queue, encryptionKey, origins }: Followed): void {
  role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [eventBus.eventBusArn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  encryptionKey?.grant(role, 'kms:GenerateDataKey');
  grantByAlias(encryptionKey, role, role, ['kms:GenerateDataKey']);
  grantOnTargets(origins, role, 'cloudfront:GetInvalidation');
}

import { CfnResource, type IResource, Stack } from 'aws-cdk-lib';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Whether this app creates a resource; else it is imported. */
export function isOwned(resource: IResource): boolean {
  return CfnResource.isCfnResource(resource.node.defaultChild);
}

/** Whether a stack is the other, or nested in it at whatever depth. */
export function isWithin(stack: Stack, other: Stack): boolean {
  for (let each: Stack | undefined = stack; each; each = each.nestedStackParent) if (each === other) return true;
  return false;
}

/**
 * A bucket that another stack has imported, imported into ours: CDK configures its notifications in the stack where it is
 * imported, which would then need ours. Once for all invalidators of the stack, for S3 has one configuration for a bucket.
 */
export function inOurStack(scope: Construct, bucket: IBucket): IBucket {
  const stack = Stack.of(scope);
  if (isOwned(bucket) || Stack.of(bucket) === stack) return bucket;
  const id = `InvalidatorBucket${bucket.node.addr.slice(-8)}`;
  const { bucketName, env } = bucket;
  const imported = stack.node.tryFindChild(id) as IBucket | undefined;
  return imported ?? Bucket.fromBucketAttributes(stack, id, { bucketName, ...env });
}

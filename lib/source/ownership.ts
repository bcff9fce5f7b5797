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
 * imported, which would then need ours.
 */
export function inOurStack(scope: Construct, bucket: IBucket): IBucket {
  if (isOwned(bucket) || Stack.of(bucket) === Stack.of(scope)) return bucket;
  const id = `Imported${bucket.node.addr.slice(-8)}`;
  const { bucketName, env } = bucket;
  return (
    (scope.node.tryFindChild(id) as IBucket | undefined) ??
    Bucket.fromBucketAttributes(scope, id, { bucketName, ...env })
  );
}

import { DeleteObjectsCommand, ListObjectsV2Command, NoSuchBucket, type S3Client } from '@aws-sdk/client-s3';

/** CloudFormation deletes no bucket that holds anything. It must not be versioned; that it is gone already is all right. */
export async function emptyBucket(s3: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const listed = await s3.send(new ListObjectsV2Command({ Bucket })).catch((error) => {
      if (error instanceof NoSuchBucket) return undefined;
      throw error;
    });
    const { Contents = [] } = listed ?? {};
    if (Contents.length === 0) return;
    const Objects = Contents.map(({ Key }) => ({ Key }));
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    if (Errors.length > 0) throw new Error(`S3 does not delete ${Errors[0]?.Key}: ${Errors[0]?.Message}`);
  }
}

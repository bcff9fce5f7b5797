import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { ListObjects } from '../plan/inventory';
import { leanly } from './lean-page';

/** Lists buckets by ListObjectsV2, which needs `s3:ListBucket`. */
export function listWith(s3: S3Client): ListObjects {
  return async ({ bucket, prefix, startAfter, maxKeys }, abortSignal) => {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      MaxKeys: maxKeys,
      // XML cannot hold every character that a key can.
      EncodingType: 'url',
      ...(startAfter !== '' && { StartAfter: startAfter }),
    });
    const { Contents = [], EncodingType, IsTruncated } = await s3.send(leanly(command), { abortSignal });
    // The SDK takes an empty answer for an empty list.
    if (IsTruncated === undefined) throw new Error('S3 did not say whether its list ends here');
    const decode = EncodingType === 'url' ? decodeFormEncoded : (key: string) => key;
    return {
      objects: Contents.map(({ Key = '', LastModified }) => ({
        key: decode(Key),
        lastModified: LastModified?.getTime(),
      })),
      truncated: IsTruncated,
    };
  };
}

function decodeFormEncoded(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}

import { ListObjectsV2Command, type ListObjectsV2Output, type S3Client } from '@aws-sdk/client-s3';
import { spanOf, spansOf, type TimeSpan } from './time-span';

/** An object of a bucket, and when it changed. */
export interface ListedObject {
  readonly key: string;
  readonly lastModified: TimeSpan;
  /**
   * Whether it was uploaded in parts. S3 tells when that began, not when it ended.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
   */
  readonly isInParts: boolean;
}

/** A page of a bucket's objects. */
export interface ObjectPage {
  readonly objects: readonly ListedObject[];
  /** By S3's clock. */
  readonly time: TimeSpan;
}

/** The objects of a bucket, page by page, by ListObjectsV2, which needs `s3:ListBucket`. */
export async function* listObjects(s3: S3Client, bucket: string, prefix: string): AsyncGenerator<ObjectPage> {
  for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
    const { page, time } = await listPage(s3, bucket, prefix, token);
    // The SDK takes an empty answer for an empty list.
    if (page.IsTruncated === undefined) throw new Error('S3 did not say whether its list ends here');
    yield { objects: objectsOf(page, time), time };
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  }
}

async function listPage(s3: S3Client, Bucket: string, Prefix: string, ContinuationToken: string | undefined) {
  const command = new ListObjectsV2Command({
    Bucket,
    Prefix,
    // XML cannot hold every character that a key can.
    EncodingType: 'url',
    ...(ContinuationToken !== undefined && { ContinuationToken }),
  });
  let time = Date.now();
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers = {} } = result.response as { headers?: Record<string, string> };
      // The clock of this machine may be wrong.
      time = Date.parse(headers.date ?? '') || time;
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const page: ListObjectsV2Output = await s3.send(command);
  return { page, time: spanOf(time) };
}

function objectsOf({ Contents = [], EncodingType }: ListObjectsV2Output, listed: TimeSpan): ListedObject[] {
  const decode = EncodingType === 'url' ? decodeFormEncoded : (key: string) => key;
  const toSpan = spansOf(Contents.flatMap(({ LastModified }) => LastModified?.getTime() ?? []));
  return Contents.map(({ Key = '', LastModified, ETag = '' }) => ({
    key: decode(Key),
    // Without a time, it may have changed at any.
    lastModified: LastModified ? toSpan(LastModified.getTime()) : { earliest: 0, latest: listed.latest },
    isInParts: /-\d+"?$/.test(ETag),
  }));
}

function decodeFormEncoded(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}

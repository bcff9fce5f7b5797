import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

/** Lists the keys of a bucket in S3's order, as one request of ListObjectsV2 does. */
export type ListObjects = (request: ListRequest, signal: AbortSignal) => Promise<ObjectPage>;

export interface ListRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** Only keys after this one; empty: from the first on. */
  readonly startAfter: string;
  /** From 1 to 1,000. */
  readonly maxKeys: number;
}

export interface ObjectPage {
  readonly objects: readonly ListedObject[];
  /** Whether more keys follow. */
  readonly truncated: boolean;
}

export interface ListedObject {
  readonly key: string;
  /** In ms since the epoch. */
  readonly lastModified?: number | undefined;
}

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

/** What S3 tells of every object and nobody here reads. */
const UNREAD = /<(ETag|ChecksumAlgorithm|ChecksumType|Size|StorageClass)>[^<]*<\/\1>/g;

/**
 * Lets the SDK read a page of a listing without the elements that nobody needs, which are most of it: that halves its CPU. All else
 * is left to the SDK, errors and broken answers included.
 */
function leanly(command: ListObjectsV2Command): ListObjectsV2Command {
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body: unknown };
      if (response.statusCode === 200)
        response.body = Buffer.from(withoutUnread(await text(response.body as Readable)));
      return result;
    },
    // The nearest to the network: before anything of the SDK looks at the answer.
    { step: 'deserialize', priority: 'low' },
  );
  return command;
}

function withoutUnread(xml: string): string {
  // What looks like an element is none within a CDATA section or a comment.
  return xml.includes('<!') ? xml : xml.replace(UNREAD, '');
}

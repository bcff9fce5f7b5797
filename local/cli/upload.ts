import { open } from 'node:fs/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { contentTypeOf, type SiteFile } from './site-folder';

/** The AWS CLI's threshold and part size; the local S3 takes at most 11 MiB in one request. */
export const PART_SIZE = 8 * 1_024 * 1_024;

/** Uploads a file: a large one in parts. */
export async function upload(s3: S3Client, bucket: string, { key, path }: SiteFile): Promise<void> {
  const object = { Bucket: bucket, Key: key };
  const ContentType = contentTypeOf(key);
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size <= PART_SIZE) {
      await s3.send(new PutObjectCommand({ ...object, ContentType, Body: await file.readFile() }));
      return;
    }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...object, ContentType }));
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (let position = 0; position < size; position += PART_SIZE) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(PART_SIZE), 0, PART_SIZE, position);
      const part = { ...object, UploadId, PartNumber: Parts.length + 1 };
      const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: buffer.subarray(0, bytesRead) }));
      Parts.push({ PartNumber: part.PartNumber, ETag });
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }));
  } finally {
    await file.close();
  }
}

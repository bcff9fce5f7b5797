import type { S3Client } from '@aws-sdk/client-s3';
import { reasonOf } from '../../cli/reason';
import { progressOf } from './progress';
import { count, type Report, seconds } from './report';
import type { SiteFile } from './site-folder';
import { upload } from './upload';

/** Files that are uploaded at the same time. */
const CONCURRENCY = 10;

/** Up to so many files, each is a line; more are counted. */
export const FEW = 20;

/**
 * Uploads files, and says how far it is while that takes long. What cannot be read is named and left out.
 *
 * @returns the files that were uploaded
 */
export async function uploadFolder(
  s3: S3Client,
  bucket: string,
  files: readonly SiteFile[],
  report: Report,
  signal: AbortSignal,
): Promise<SiteFile[]> {
  const began = Date.now();
  const waiting = files.values();
  const uploaded: SiteFile[] = [];
  const tell = progressOf('Uploading', report);
  let done = 0;

  async function uploadNext(): Promise<void> {
    for (const file of waiting) {
      if (signal.aborted) return;
      try {
        if (files.length > FEW) report.unsaid.add(file.key);
        await upload(s3, bucket, file);
        uploaded.push(file);
      } catch (error) {
        report.unsaid.delete(file.key);
        if (!signal.aborted) report.warn(`Left out: ${file.path}: ${reasonOf(error)}.`);
      }
      done += 1;
      tell(done, files.length);
    }
  }

  await Promise.all(Array.from({ length: CONCURRENCY }, uploadNext));
  if (files.length > FEW) report.say(`Uploaded ${count(uploaded.length, 'object')} in ${seconds(Date.now() - began)}.`);
  return uploaded.sort((a, b) => (a.key < b.key ? -1 : 1));
}

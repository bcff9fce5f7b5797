import { once } from 'node:events';
import type { S3Client } from '@aws-sdk/client-s3';
import { reasonFor, reasonOf } from '../../cli/reason';
import type { LoadFiles } from '../local-stack';
import { progressOf } from './progress';
import { count, type Report, seconds } from './report';
import { contentTypeOf, type SiteFile } from './site-folder';
import { PART_SIZE, upload } from './upload';
import { FEW } from './upload-folder';

/**
 * Puts a folder into the bucket before anything watches it: no file of it is a change. What cannot be read is named and
 * left out.
 *
 * @returns the files that are in the bucket now
 */
export async function loadFolder(
  s3: S3Client,
  bucket: string,
  load: LoadFiles,
  files: readonly SiteFile[],
  report: Report,
  signal: AbortSignal,
): Promise<SiteFile[]> {
  const began = Date.now();
  const missing = new Set<string>();
  const leaveOut = (file: SiteFile | undefined, reason: string) => {
    if (!file) return;
    missing.add(file.key);
    if (!signal.aborted) report.warn(`Left out: ${file.path}: ${reason}.`);
  };
  const small = files.filter(({ size }) => size < PART_SIZE);
  const tell = progressOf('Loading', report);
  const loading = load(
    small.map(({ key, path }) => ({ key, path, contentType: contentTypeOf(key) })),
    (loaded) => tell(loaded, files.length),
  );
  const stopped = once(signal, 'abort').then(() => ({ failed: [] }));
  const { failed } = signal.aborted ? { failed: [] } : await Promise.race([loading, stopped]);
  const byKey = failed.length > 0 ? new Map(small.map((file) => [file.key, file])) : new Map<string, SiteFile>();
  for (const { key, code } of failed) leaveOut(byKey.get(key), reasonFor(code));
  for (const file of files) {
    if (file.size < PART_SIZE || signal.aborted) continue;
    report.unsaid.add(file.key);
    await upload(s3, bucket, file).catch((error: unknown) => {
      report.unsaid.delete(file.key);
      leaveOut(file, reasonOf(error));
    });
  }
  const loaded = files.filter(({ key }) => !missing.has(key));
  if (loaded.length > FEW) {
    report.say(`Loaded ${count(loaded.length, 'object')} in ${seconds(Date.now() - began)}: they were there before.`);
  }
  return loaded;
}

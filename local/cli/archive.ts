import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Report } from './report';
import { contentTypeOf } from './site-folder';

/** Objects that are put at the same time. */
const CONCURRENCY = 20;

const DAYS = Array.from({ length: 365 }, (_, day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10));

/**
 * The pages of the sample site that are there already and never change, as a real site has them. Among so many, a
 * wildcard must be narrow to be cheaper than the paths it saves.
 */
export const ARCHIVE: readonly string[] = ['archive/', 'events/concert-', 'opening hours/'].flatMap((name) =>
  DAYS.map((day) => `${name}${day}.html`),
);

const FIRST_EDITION = '1';

/** A page of the archive, of which another edition has other text. */
export function archivePage(key: string, edition: string): string {
  return `<!doctype html>\n<meta charset="utf-8">\n<title>${key}</title>\n<p>${key}: a page of the archive, edition ${edition}.</p>\n`;
}

/** Puts the archive into the bucket. */
export async function putArchive(
  s3: S3Client,
  bucket: string,
  report: Report,
  signal: AbortSignal,
  edition = FIRST_EDITION,
): Promise<void> {
  const waiting = ARCHIVE.values();
  const putNext = async () => {
    for (const Key of waiting) {
      if (signal.aborted) return;
      report.unsaid.add(Key);
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key, ContentType: contentTypeOf(Key), Body: archivePage(Key, edition) }),
      );
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, putNext));
  if (edition !== FIRST_EDITION) return;
  const [folder] = ARCHIVE;
  report.say(`The bucket has an archive of ${ARCHIVE.length.toLocaleString('en')} pages already, such as ${folder}.`);
}

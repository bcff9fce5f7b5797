import { setTimeout as delay } from 'node:timers/promises';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { reasonOf } from '../../cli/reason';
import type { LocalStack } from '../local-stack';
import type { Report } from './report';
import { listFolder, type SiteFile, type SiteFolder } from './site-folder';
import { upload } from './upload';

/** Milliseconds between two looks at the folder, when looking is quick. */
const INTERVAL = 150;

/** Looking takes a tenth of the time at most. */
const REST = 9;

/** Objects that are sent at the same time. */
const CONCURRENCY = 10;

/**
 * Watches a folder: a file that changes is uploaded, one that goes is deleted. What cannot be read stays as it was.
 *
 * It looks again and again instead of being told by the file system: that sees exactly what a listing sees, links and
 * all, and a folder that is removed and made anew, as site generators do, on every system alike.
 *
 * @param listed what the bucket has of the folder
 * @returns a function that ends it
 */
export function watchFolder(
  stack: Pick<LocalStack, 's3' | 'site'>,
  folder: string,
  listed: SiteFolder,
  report: Pick<Report, 'say' | 'warn'>,
): () => Promise<void> {
  const { s3, site } = stack;
  const closing = new AbortController();
  const sent = byKey(listed.files);
  const told = new Set(listed.unreadable.map(nameOf));
  let last = listed;
  let gone = false;

  async function look(): Promise<void> {
    const now = await listFolder(folder).catch((error: unknown) => {
      if (!gone) report.warn(`${messageOf(error)} It is looked for until it is back.`);
      gone = true;
    });
    if (now === undefined) return;
    if (gone) report.say(`${folder} is back.`);
    gone = false;

    for (const entry of now.unreadable) {
      // It may have been there for a moment only.
      if (told.has(nameOf(entry)) || !last.unreadable.some((before) => nameOf(before) === nameOf(entry))) continue;
      told.add(nameOf(entry));
      report.warn(`Left out: ${nameOf(entry)}.`);
    }
    const files = byKey(now.files);
    const before = byKey(last.files);
    last = now;
    // A file that is being written differs from look to look.
    const isSettled = (key: string) => files.get(key)?.version === before.get(key)?.version;
    const changed = [...new Set([...files.keys(), ...sent.keys()])].filter(
      (key) => isSettled(key) && files.get(key)?.version !== sent.get(key)?.version,
    );
    const waiting = changed.values();
    const sendNext = async () => {
      for (const key of waiting) {
        if (closing.signal.aborted) return;
        const file = files.get(key);
        if (file === undefined && now.unreadable.some(({ path }) => holds(path, sent.get(key)))) continue;
        await send(key, file);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, sendNext));
  }

  async function send(key: string, file: SiteFile | undefined): Promise<void> {
    if (file) sent.set(key, file);
    else sent.delete(key);
    try {
      if (file) await upload(s3, site.bucket, file);
      else await s3.send(new DeleteObjectCommand({ Bucket: site.bucket, Key: key }));
    } catch (error) {
      if (!closing.signal.aborted) report.warn(`Left out: ${file?.path ?? key}: ${reasonOf(error)}.`);
    }
  }

  async function watch(): Promise<void> {
    while (!closing.signal.aborted) {
      const began = performance.now();
      await look();
      const rest = Math.max(INTERVAL, REST * (performance.now() - began));
      await delay(rest, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  const watching = watch();
  return async () => {
    closing.abort();
    await watching;
  };
}

function byKey(files: readonly SiteFile[]): Map<string, SiteFile> {
  return new Map(files.map((file) => [file.key, file]));
}

function nameOf({ path, reason }: SiteFolder['unreadable'][number]): string {
  return `${path}: ${reason}`;
}

/** Whether a file is what cannot be read, or in it. */
function holds(unreadable: string, file: SiteFile | undefined): boolean {
  return file !== undefined && (file.path === unreadable || file.path.startsWith(`${unreadable}/`));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

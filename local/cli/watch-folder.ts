import { setTimeout as delay } from 'node:timers/promises';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { LocalStack } from '../local-stack';
import { folderHints } from './folder-hints';
import { progressOf } from './progress';
import { count, type Report, seconds } from './report';
import { restAfter } from './rest';
import { listFolder, reasonOf, type SiteFile, type SiteFolder } from './site-folder';
import { upload } from './upload';
import { FEW } from './upload-folder';

/** Objects that are sent at the same time. */
const CONCURRENCY = 10;

/**
 * Watches a folder: a file that changes is uploaded, one that goes is deleted. What cannot be read stays as it was.
 *
 * It looks again and again: that sees exactly what a listing sees, links and all, and a folder that is removed and made
 * anew, as site generators do, on every system alike. What the file system tells is a reason to look sooner. It goes on
 * looking while it uploads.
 *
 * @param listed what the bucket has of the folder
 * @returns a function that ends it
 */
export function watchFolder(
  stack: Pick<LocalStack, 's3' | 'site'>,
  folder: string,
  listed: SiteFolder,
  report: Pick<Report, 'say' | 'warn'> & Partial<Pick<Report, 'progress'>>,
): () => Promise<void> {
  const { s3, site } = stack;
  const closing = new AbortController();
  const hints = folderHints();
  const sent = byKey(listed.files);
  const told = new Set(listed.unreadable.map(nameOf));
  /** What is to be sent, a file or its absence, by key. */
  const waiting = new Map<string, SiteFile | undefined>();
  const inFlight = new Map<string, Promise<void>>();
  let run: { readonly began: number; readonly tell: (done: number, total: number) => void; done: number } | undefined;
  let last = listed;
  let gone = false;

  /** Whether something has changed since the last look. */
  async function look(): Promise<boolean> {
    const folders = new Map<string, string>();
    const now = await listFolder(folder, (path, id) => folders.set(id, path)).catch((error: unknown) => {
      if (!gone) report.warn(`${messageOf(error)} It is looked for until it is back.`);
      gone = true;
    });
    if (closing.signal.aborted) return false;
    hints.follow(folders);
    if (now === undefined) return true;
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
    let isBusy = false;
    for (const key of new Set([...files.keys(), ...before.keys(), ...sent.keys()])) {
      const file = files.get(key);
      // A file that is being written differs from look to look.
      if (file?.version !== before.get(key)?.version) isBusy = true;
      else if (file?.version === sent.get(key)?.version) waiting.delete(key);
      else if (file || !now.unreadable.some(({ path }) => holds(path, sent.get(key)))) waiting.set(key, file);
    }
    sendWaiting();
    return isBusy;
  }

  function sendWaiting(): void {
    if (waiting.size > 0) run ??= { began: Date.now(), tell: progressOf('Uploading', quietly(report)), done: 0 };
    for (const [key, file] of waiting) {
      if (inFlight.size >= CONCURRENCY || closing.signal.aborted) break;
      // Of two versions the older one might arrive last.
      if (inFlight.has(key)) continue;
      waiting.delete(key);
      const sending = send(key, file).then(() => {
        inFlight.delete(key);
        if (run) run.done += 1;
        run?.tell(run.done, run.done + waiting.size + inFlight.size);
        sendWaiting();
      });
      inFlight.set(key, sending);
    }
    if (!run || waiting.size > 0 || inFlight.size > 0) return;
    const { done, began } = run;
    run = undefined;
    if (done > FEW) report.say(`Sent ${count(done, 'changed object')} in ${seconds(Date.now() - began)}.`);
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
      hints.forget();
      const began = performance.now();
      const isBusy = await look();
      const took = performance.now() - began;
      const least = restAfter(took, true);
      await delay(least, undefined, { signal: closing.signal }).catch(() => {});
      await hints.wait(restAfter(took, isBusy) - least, closing.signal);
    }
  }

  const watching = watch();
  return async () => {
    closing.abort();
    await watching;
    hints.close();
    await Promise.all(inFlight.values());
  };
}

function quietly({ progress = () => {} }: Partial<Pick<Report, 'progress'>>): Pick<Report, 'progress'> {
  return { progress };
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

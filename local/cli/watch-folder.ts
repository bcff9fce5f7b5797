import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { LocalStack } from '../local-stack';
import { folderHints } from './folder-hints';
import { progressOf } from './progress';
import { count, type Report, seconds } from './report';
import { restAfter, SHORTEST_REST } from './rest';
import { listFolder, reasonOf, type SiteFile, type SiteFolder, versionAt } from './site-folder';
import { upload } from './upload';
import { FEW } from './upload-folder';

/** Milliseconds for which a file must stay as it is: one that is being written does not. */
const SETTLING = 150;

/** Milliseconds for which a file may be missing while others are written. */
const LONGEST_BUILD = 5_000;

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
  /** Milliseconds: since when a file that the bucket has is not there. */
  const missingSince = new Map<string, number>();
  const inFlight = new Map<string, Promise<void>>();
  let run: { readonly began: number; readonly tell: (done: number, total: number) => void; done: number } | undefined;
  let last = listed;
  let gone = false;

  /** Looks, and says how long the listing took, and whether something is changing. */
  async function look(): Promise<{ took: number; isBusy: boolean }> {
    const began = performance.now();
    const folders = new Map<string, string>();
    const now = await listFolder(folder, (path, id) => folders.set(id, path)).catch((error: unknown) => {
      if (!gone) report.warn(`${messageOf(error)} It is looked for until it is back.`);
      gone = true;
    });
    const took = performance.now() - began;
    if (closing.signal.aborted) return { took, isBusy: false };
    hints.follow(folders);
    if (now === undefined) return { took, isBusy: true };
    if (gone) report.say(`${folder} is back.`);
    gone = false;

    for (const entry of now.unreadable) {
      // It may have been there for a moment only.
      if (told.has(nameOf(entry)) || !last.unreadable.some((before) => nameOf(before) === nameOf(entry))) continue;
      told.add(nameOf(entry));
      report.warn(`Left out: ${nameOf(entry)}.`);
    }
    const files = byKey(now.files);
    last = now;
    const changed: [key: string, file: SiteFile | undefined][] = [];
    for (const key of new Set([...files.keys(), ...sent.keys(), ...waiting.keys()])) {
      const file = files.get(key);
      if (file?.version === sent.get(key)?.version) waiting.delete(key);
      else if (file || !now.unreadable.some(({ path }) => holds(path, sent.get(key)))) changed.push([key, file]);
    }
    if (changed.length === 0) return { took, isBusy: false };
    // What a build has removed it may be about to write again.
    const isBuilding = changed.some(([, file]) => file);
    for (const key of missingSince.keys()) if (files.has(key) || !sent.has(key)) missingSince.delete(key);
    const isLate = (key: string) => Date.now() - (missingSince.get(key) ?? Date.now()) >= LONGEST_BUILD;
    for (const [key, file] of changed) if (!file && !missingSince.has(key)) missingSince.set(key, Date.now());
    await delay(SETTLING, undefined, { signal: closing.signal }).catch(() => {});
    const isSettled = await Promise.all(
      changed.map(async ([key, file]) => file?.version === (await versionAt(file?.path ?? join(folder, key)))),
    );
    // What is still being written is seen with the next look.
    const isThere = (await listable(folder)) && !closing.signal.aborted;
    for (const [at, [key, file]] of changed.entries()) {
      // Sent meanwhile.
      if (file?.version === sent.get(key)?.version) continue;
      if (isSettled[at] && (file || (isThere && (!isBuilding || isLate(key))))) waiting.set(key, file);
    }
    sendWaiting();
    return { took, isBusy: true };
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
      const { took, isBusy } = await look();
      const least = isBusy ? restAfter(took, true) : SHORTEST_REST;
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

function listable(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
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

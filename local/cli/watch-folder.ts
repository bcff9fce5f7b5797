import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalStack } from '../local-stack';
import { folderHints } from './folder-hints';
import { restAfter, SHORTEST_REST } from './rest';
import { type ChangeReport, sendChanges } from './send-changes';
import { listFolder, type SiteFile, type SiteFolder, versionAt } from './site-folder';

/** Milliseconds for which a file must stay as it is: one that is being written does not. */
const SETTLING = 150;

/** Milliseconds for which a file may be missing while others are written. */
const LONGEST_BUILD = 5_000;

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
  report: ChangeReport,
): () => Promise<void> {
  const closing = new AbortController();
  const hints = folderHints();
  const sender = sendChanges(stack, listed.files, report, closing.signal);
  const { sent, waiting } = sender;
  const told = new Set(listed.unreadable.map(nameOf));
  /** Milliseconds: since when a file that the bucket has is not there. */
  const missingSince = new Map<string, number>();
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
      if (file?.version === sent.get(key)?.version) sender.withdraw(key);
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
    const settled = new Map<string, SiteFile | undefined>();
    for (const [at, [key, file]] of changed.entries()) {
      // Sent meanwhile.
      if (file?.version === sent.get(key)?.version) continue;
      if (isSettled[at] && (file || (isThere && (!isBuilding || isLate(key))))) settled.set(key, file);
    }
    sender.offer(settled);
    return { took, isBusy: true };
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
    await sender.close();
  };
}

function listable(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
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

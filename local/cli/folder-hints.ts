import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Folders that are watched at most: the system has only so many watches, and a listing sees the others soon enough. */
const MOST_WATCHED = 2_000;

/** What the file system tells of changes: it may miss some, so it is only a reason to look sooner. */
export interface FolderHints {
  /** From now on, these folders are watched, by what each is: one that is made anew is another one. */
  follow(folders: ReadonlyMap<string, string>): void;
  /** What was told of before is forgotten. */
  forget(): void;
  /** Resolves when something is told of, at once if it has been; or when the time is over. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Folders are watched one by one: whether they can be with all that is in them differs from system to system. */
export function folderHints(): FolderHints {
  const watchers = new Map<string, FSWatcher>();
  let told = false;
  let wake = () => {};
  const tell = () => {
    told = true;
    wake();
  };

  function begin(id: string, path: string): void {
    try {
      const watcher = watch(path, { persistent: false }, tell);
      watchers.set(id, watcher);
      // It is gone, or there are too many: the listing will tell.
      watcher.on('error', () => end(id));
    } catch {
      // As above.
    }
  }

  function end(id: string): void {
    watchers.get(id)?.close();
    watchers.delete(id);
  }

  return {
    follow(folders) {
      for (const id of watchers.keys()) if (!folders.has(id)) end(id);
      for (const [id, path] of folders) {
        if (watchers.size >= MOST_WATCHED) return;
        if (!watchers.has(id)) begin(id, path);
      }
    },
    forget() {
      told = false;
    },
    async wait(milliseconds, signal) {
      if (told || milliseconds <= 0) return;
      const woken = new AbortController();
      wake = () => woken.abort();
      const either = AbortSignal.any([woken.signal, signal]);
      await delay(milliseconds, undefined, { signal: either }).catch(() => {});
      wake = () => {};
    },
    close() {
      for (const id of [...watchers.keys()]) end(id);
    },
  };
}

import { readFile } from 'node:fs/promises';

/** A file that becomes an object. */
export interface FileToLoad {
  readonly key: string;
  readonly path: string;
  readonly contentType: string;
}

/** What became of files: those that could not be read, each with the code of why. */
export interface Loaded {
  readonly failed: readonly { readonly key: string; readonly code: string }[];
}

/** Files that are read at the same time. */
const CONCURRENCY = 20;

/**
 * Puts files into a bucket, of which nobody is notified.
 *
 * @param put puts one object, and rejects with an Error when S3 refuses it
 * @param onLoaded called when some more of them have been
 */
export async function loadFiles(
  files: readonly FileToLoad[],
  put: (file: FileToLoad, body: Buffer) => Promise<void>,
  onLoaded: (count: number) => void,
): Promise<Loaded> {
  const waiting = files.values();
  const failed: { key: string; code: string }[] = [];
  let loaded = 0;
  const loadNext = async () => {
    for (const file of waiting) {
      try {
        await put(file, await readFile(file.path));
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
        failed.push({ key: file.key, code });
      }
      loaded += 1;
      if (loaded % PROGRESS === 0) onLoaded(loaded);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, loadNext));
  return { failed };
}

/** Files after which it says how far it is. */
const PROGRESS = 100;

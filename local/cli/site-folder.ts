import { type Stats, stat } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { reasonOf } from '../../cli/reason';

/** A file of the folder that is served. */
export interface SiteFile {
  readonly key: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Another one whenever the file has been written. */
  readonly version: string;
}

/** What a folder holds: the files to upload, and those that cannot be read, each with why. */
export interface SiteFolder {
  readonly files: readonly SiteFile[];
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Lists a folder and those in it.
 *
 * @param onFolder called with each folder, and with what tells it from one that is made anew in its place
 * @throws an Error that names the folder, when it is missing, not a folder, or not readable
 */
export async function listFolder(
  folder: string,
  onFolder: (path: string, id: string) => void = () => {},
): Promise<SiteFolder> {
  const root = await statOf(folder).catch((error) => {
    throw new Error(`${folder} cannot be served: ${reasonOf(error)}.`);
  });
  if (!root.isDirectory()) throw new Error(`${folder} cannot be served: it is not a folder.`);
  const names = await readdir(folder).catch((error) => {
    throw new Error(`${folder} cannot be served: ${reasonOf(error)}.`);
  });
  const files: SiteFile[] = [];
  const unreadable: { path: string; reason: string }[] = [];

  async function visit(path: string, key: string, above: readonly string[]): Promise<void> {
    try {
      const found = await statOf(path);
      const id = idOf(found);
      // A link to a folder that it is in has no end.
      if (above.includes(id)) unreadable.push({ path, reason: 'a link that leads back' });
      else if (found.isDirectory()) await visitAll(path, `${key}/`, await readdir(path), [...above, id]);
      else if (found.isFile()) files.push({ key, path, size: found.size, version: versionOf(found) });
    } catch (error) {
      // What is read as UTF-8 and is not has another name then, and no such file exists.
      const reason = path.includes('\uFFFD') ? 'its name is not UTF-8' : reasonOf(error);
      unreadable.push({ path, reason });
    }
  }
  async function visitAll(path: string, prefix: string, names: readonly string[], above: readonly string[]) {
    onFolder(path, above.at(-1) ?? '');
    const shown = names.filter((name) => !isHiddenName(name));
    await Promise.all(shown.map((name) => visit(join(path, name), prefix + name, above)));
  }
  await visitAll(folder, '', names, [idOf(root)]);
  return {
    files: files.sort((a, b) => (a.key < b.key ? -1 : 1)),
    unreadable: unreadable.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** Twice as quick as the one that is made of promises: a listing is little else. */
const statOf = promisify(stat);

/** The version of a file as a listing has it; undefined when there is no file. */
export async function versionAt(path: string): Promise<string | undefined> {
  const found = await statOf(path).catch(() => undefined);
  return found?.isFile() ? versionOf(found) : undefined;
}

function versionOf(found: Stats): string {
  return `${idOf(found)} ${found.mtimeMs} ${found.size}`;
}

function idOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

/** The key that a file of the folder is uploaded under. */
export function keyOf(folder: string, path: string): string {
  return relative(resolve(folder), resolve(path)).split(sep).join('/');
}

/** Whether a file is left out: `.git`, `.DS_Store` and their like. */
export function isHidden(folder: string, path: string): boolean {
  return keyOf(folder, path).split('/').some(isHiddenName);
}

function isHiddenName(name: string): boolean {
  return name.startsWith('.') && name !== '.well-known';
}

/** The Content-Type of a file, by its name. */
export function contentTypeOf(key: string): string {
  return CONTENT_TYPES[extname(key).toLowerCase()] ?? 'application/octet-stream';
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.htm': 'text/html; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
};

import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from './reason';

/** Before the work that it is to hold, which may take minutes. @throws an Error when no such file can be written */
export function checkOutFile(file: string, option: string): string {
  if (isFolder(file)) throw new Error(`${option} must be a file, but ${file} is a folder.`);
  const above = nearest(dirname(file));
  if (!isFolder(above)) throw new Error(`${option} must be a file in a folder, but ${above} is a file.`);
  return file;
}

/** Its folder is made, if there is none. @throws an Error that says why it cannot be written */
export function writeOutFile(file: string, option: string, content: string | Uint8Array): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  } catch (error) {
    throw new Error(`${option} must be a file that can be written, but ${file} cannot: ${reasonOf(error)}.`);
  }
}

/** What exists of a folder: itself, or the first above it that does. */
function nearest(folder: string): string {
  const above = dirname(folder);
  return above === folder || statSync(folder, { throwIfNoEntry: false }) ? folder : nearest(above);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

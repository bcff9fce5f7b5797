import { statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from './reason';

/** Before the work that it is to hold, which may take minutes. @throws an Error when no such file can be written */
export function checkOutFile(file: string, option: string): string {
  if (isFolder(file)) throw new Error(`${option} must be a file, but ${file} is a folder.`);
  if (!isFolder(dirname(file)))
    throw new Error(`${option} must be a file in a folder that exists, but there is no folder ${dirname(file)}.`);
  return file;
}

/** @throws an Error that says why it cannot be written */
export function writeOutFile(file: string, option: string, content: string | Uint8Array): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new Error(`${option} must be a file that can be written, but ${file} cannot: ${reasonOf(error)}.`);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

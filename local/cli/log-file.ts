import { closeSync, openSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { reasonOf } from '../../cli/reason';
import { isHidden } from './site-folder';

/** A file that the function's log is added to. */
export interface LogFile {
  add(line: string): void;
  close(): void;
}

/**
 * Opens a file for the function's log; what is in it stays.
 *
 * @param served the folder whose changes are uploaded: a log in it would tell of itself for ever
 * @param onFailure called once, should a line not be written
 * @throws an Error that names the file and says why it cannot be written
 */
export function openLogFile(path: string, served: string, onFailure: (why: string) => void): LogFile {
  const refusal = (why: string) => new Error(`The log cannot be written to ${path}: ${why}.`);
  let file: number;
  try {
    const [folder, parent] = [realpathSync(served), realpathSync(dirname(path))];
    if (isWithin(folder, parent) && !isHidden(folder, join(parent, basename(path)))) {
      throw refusal(`it is in ${served}, which is served, and each line would be a change`);
    }
    file = openSync(path, 'a');
  } catch (error) {
    if (error instanceof Error && !('code' in error)) throw error;
    throw refusal(reasonOf(error));
  }
  let hasFailed = false;
  return {
    add(line) {
      if (hasFailed) return;
      try {
        writeFileSync(file, `${line}\n`);
      } catch (error) {
        hasFailed = true;
        onFailure(`The log is no longer written to ${path}: ${reasonOf(error)}.`);
      }
    },
    close: () => closeSync(file),
  };
}

function isWithin(folder: string, path: string): boolean {
  const from = relative(folder, path);
  return !isAbsolute(from) && !/^\.\.([\\/]|$)/.test(from);
}

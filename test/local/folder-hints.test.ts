import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FolderHints, folderHints } from '../../local/cli/folder-hints';

/** Longer than a test may take: only a hint ends it. */
const FOR_EVER = 10 * 60_000;

let folder: string;
let hints: FolderHints;
const running = new AbortController();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-hints-'));
  hints = folderHints();
});

afterEach(() => {
  hints.close();
  rmSync(folder, { recursive: true, force: true });
});

function idOf(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev}:${ino}`;
}

const follow = (...paths: string[]) => hints.follow(new Map(paths.map((path) => [idOf(path), path])));

test('a change ends the wait, whether it came before or comes within it', async () => {
  follow(folder);
  const waiting = hints.wait(FOR_EVER, running.signal);
  writeFileSync(join(folder, 'a'), '1');
  await waiting;
  await hints.wait(FOR_EVER, running.signal);
});

test('a deep folder tells, too, and one that was made anew in its place', async () => {
  const deep = join(folder, 'a/b/c/d/e/f/g/h');
  mkdirSync(deep, { recursive: true });
  follow(folder, deep);
  writeFileSync(join(deep, 'page'), '1');
  await hints.wait(FOR_EVER, running.signal);
  renameSync(join(folder, 'a'), join(folder, 'old'));
  mkdirSync(deep, { recursive: true });
  follow(folder, deep);
  await hints.wait(FOR_EVER, running.signal);
  hints.forget();
  const waiting = hints.wait(FOR_EVER, running.signal);
  writeFileSync(join(deep, 'page'), '2');
  await waiting;
});

test('what is gone, and what was never there, stops nothing', async () => {
  const gone = join(folder, 'gone');
  mkdirSync(gone);
  follow(gone);
  rmSync(gone, { recursive: true });
  hints.follow(new Map([['1:1', join(folder, 'never')]]));
  await hints.wait(1, running.signal);
});

test('the end of all ends the wait', async () => {
  const ending = new AbortController();
  const waiting = hints.wait(FOR_EVER, ending.signal);
  ending.abort();
  await waiting;
});

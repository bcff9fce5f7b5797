import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { reasonOf } from '../cli/reason';
import { compareKeys } from '../lambda/bucket/key-order';

/** A deploy of a site: what it changed, and what is in the bucket after it. */
export interface Deploy {
  readonly changed: readonly string[];
  /** As S3 lists them. */
  readonly bucket: readonly string[];
}

/**
 * Replays a trace: gzip'd JSON lines, first the initial objects, then a line per deploy.
 *
 * @throws an Error that names the file, and the line, when it is none; at its end, when it had nothing to replay
 */
export async function* deploysOf(file: string): AsyncGenerator<Deploy> {
  let bucket: readonly string[] | undefined;
  let number = 0;
  let changes = 0;
  for await (const line of linesOf(file)) {
    number++;
    const parsed = objectIn(line);
    if (bucket === undefined) {
      const { initialTree } = parsed;
      if (!areKeys(initialTree)) throw new Error(`${file}: line 1 must hold initialTree, a list of keys.`);
      bucket = initialTree.toSorted(compareKeys);
      continue;
    }
    const { added, modified, deleted } = parsed;
    if (!areKeys(added) || !areKeys(modified) || !areKeys(deleted))
      throw new Error(
        `${file}: line ${number} must be a deploy: lists of the keys that are added, modified and deleted.`,
      );
    bucket = merged(bucket, new Set(deleted), added.toSorted(compareKeys));
    const changed = [...new Set([...added, ...modified, ...deleted])];
    changes += changed.length;
    yield { changed, bucket };
  }
  // Nothing to pay for, so nothing to compare.
  if (changes === 0) throw new Error(`${file} must hold a deploy that changes something, but it holds none.`);
}

/** The first of every so many deploys. */
export async function* everyNth(deploys: AsyncIterable<Deploy>, every: number): AsyncGenerator<Deploy> {
  let at = 0;
  for await (const deploy of deploys) if (at++ % every === 0) yield deploy;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const compressed = createReadStream(file);
  const text = compressed.pipe(createGunzip());
  compressed.on('error', (error) => text.destroy(error));
  try {
    yield* createInterface({ input: text, crlfDelay: Infinity });
  } catch (error) {
    throw new Error(`${file} must be compressed by gzip, and readable: ${reasonOf(error)}.`);
  }
}

function objectIn(line: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}

function areKeys(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((key) => typeof key === 'string');
}

/** (keys − deleted) ∪ added, in order. */
function merged(keys: readonly string[], deleted: ReadonlySet<string>, added: readonly string[]): string[] {
  const result: string[] = [];
  let next = 0;
  for (const key of keys) {
    if (deleted.has(key)) continue;
    for (; next < added.length && compareKeys(added[next] as string, key) < 0; next++)
      result.push(added[next] as string);
    if (added[next] === key) next++;
    result.push(key);
  }
  return [...result, ...added.slice(next)];
}

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { compareKeys } from '../lambda/key-order';

/** A deploy of a site: what it changed, and what is in the bucket after it. */
export interface Deploy {
  readonly changed: readonly string[];
  /** As S3 lists them. */
  readonly bucket: readonly string[];
}

interface TraceLine {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly deleted: readonly string[];
}

/** Replays a trace: gzip'd JSON lines, first the initial objects, then a line per deploy. */
export async function* deploysOf(file: string): AsyncGenerator<Deploy> {
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Infinity });
  let bucket: readonly string[] | undefined;
  for await (const line of lines) {
    if (bucket === undefined) {
      bucket = (JSON.parse(line) as { initialTree: string[] }).initialTree.toSorted(compareKeys);
      continue;
    }
    const { added, modified, deleted } = JSON.parse(line) as TraceLine;
    bucket = merged(bucket, new Set(deleted), added.toSorted(compareKeys));
    yield { changed: [...new Set([...added, ...modified, ...deleted])], bucket };
  }
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

import { compareKeys } from '../../lambda/bucket/key-order';

/** Index of the first key that is not before another, in keys sorted as S3 lists them. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] as string, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index after the last key that begins with a prefix, from the first one on. */
export function prefixEnd(keys: readonly string[], prefix: string, from: number): number {
  let low = from;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string).startsWith(prefix)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A bucket in memory that is listed as S3 lists one. @param lastModified of a key, or of its index */
export function listable(keys: readonly string[], lastModified?: (key: string, index: number) => number | undefined) {
  return (prefix: string, startAfter: string, maxKeys: number) => {
    let from = lowerBound(keys, prefix);
    if (startAfter !== '' && compareKeys(startAfter, prefix) >= 0) {
      from = lowerBound(keys, startAfter);
      if (keys[from] === startAfter) from++;
    }
    const end = prefixEnd(keys, prefix, from);
    const to = Math.min(end, from + Math.min(maxKeys, 1000));
    return {
      objects: keys.slice(from, to).map((key, at) => ({ key, lastModified: lastModified?.(key, from + at) })),
      truncated: to < end,
    };
  };
}

/** Prefixes of keys. The empty one is the beginning of every key. */

/** Whether some key begins with both. */
export function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/**
 * The fewest prefixes that cover the same keys: S3 rejects overlapping ones in the notifications of one bucket, and a key
 * under two of them would be told of twice.
 */
export function withoutOverlaps(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes)].filter((prefix, _, all) =>
    all.every((other) => other === prefix || !prefix.startsWith(other)),
  );
}

/** Index of the first one that is not before a text, in texts sorted by code units. */
export function lowerBound(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index after the last one, from an index on, of those that something is true for: they come first. */
export function stemsEnd(sorted: readonly string[], from: number, isTrue: (stem: string) => boolean): number {
  let low = from;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isTrue(sorted[middle] as string)) low = middle + 1;
    else high = middle;
  }
  return low;
}

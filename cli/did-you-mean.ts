/**
 * What was probably meant by a word that is not known, as a sentence for the end of a message; empty if none of the known ones is
 * near.
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = known
    .map((each) => ({ each, distance: each.startsWith(word) ? 0 : distanceOf(word, each) }))
    .filter(({ each, distance }) => word !== '' && distance <= Math.max(1, each.replace(/^-+/, '').length / 3));
  const [nearest] = near.sort((a, b) => a.distance - b.distance);
  return nearest ? ` Did you mean ${nearest.each}?` : '';
}

/** How many characters have to be inserted, removed, replaced, or swapped with their neighbor. */
function distanceOf(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const at = (up: number, left: number) => rows[i - up]?.[j - left] ?? Number.POSITIVE_INFINITY;
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replaced = at(1, 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min((row[j - 1] ?? 0) + 1, at(1, 0) + 1, replaced, isSwapped ? at(2, 2) + 1 : replaced);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** Milliseconds between two looks at the folder, when looking is quick. */
export const SHORTEST_REST = 150;

/** However long looking takes. */
export const LONGEST_REST = 2_000;

/** While nothing seems to happen, looking takes a tenth of the time, as long as it is quick. */
const QUIET = 9;

/**
 * Milliseconds to rest after a look at the folder.
 *
 * @param took milliseconds that the listing took
 * @param isBusy whether something has just changed, or is being written
 */
export function restAfter(took: number, isBusy: boolean): number {
  return Math.min(LONGEST_REST, Math.max(SHORTEST_REST, isBusy ? took : QUIET * took));
}

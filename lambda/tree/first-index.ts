/** Index of the first element from which on a condition holds, in a list where it holds from some element on. */
export function firstIndex<T>(list: readonly T[], holds: (element: T) => boolean, from = 0, to = list.length): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(list[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}

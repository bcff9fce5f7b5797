/** Up to so many, insertion is faster: the digits of each call are counted in a thousand places. */
const FEW = 64;

/**
 * Sorts numbers of 32 bits, and values along with them: equal ones stay in their order. The time is linear, and the memory is
 * read and written in streams.
 */
export function radixSorter(keys: Uint32Array, values: Int32Array): (from: number, to: number) => void {
  const keysBeside = new Uint32Array(keys.length);
  const valuesBeside = new Int32Array(keys.length);
  const counts = new Int32Array(4 * 256);

  function byInsertion(from: number, to: number): void {
    for (let at = from + 1; at < to; at++) {
      const key = keys[at] as number;
      const value = values[at] as number;
      let hole = at;
      for (; hole > from && (keys[hole - 1] as number) > key; hole--) {
        keys[hole] = keys[hole - 1] as number;
        values[hole] = values[hole - 1] as number;
      }
      keys[hole] = key;
      values[hole] = value;
    }
  }

  function byDigits(from: number, to: number): void {
    counts.fill(0);
    for (let at = from; at < to; at++) {
      const key = keys[at] as number;
      (counts[key & 255] as number)++;
      (counts[256 + ((key >>> 8) & 255)] as number)++;
      (counts[512 + ((key >>> 16) & 255)] as number)++;
      (counts[768 + (key >>> 24)] as number)++;
    }
    const first = keys[from] as number;
    let [fromKeys, toKeys]: [Uint32Array, Uint32Array] = [keys, keysBeside];
    let [fromValues, toValues]: [Int32Array, Int32Array] = [values, valuesBeside];
    for (let digit = 0; digit < 4; digit++) {
      const base = 256 * digit;
      const shift = 8 * digit;
      const isSame = counts[base + ((first >>> shift) & 255)] === to - from;
      if (isSame) continue;
      let next = from;
      for (let each = base; each < base + 256; each++) {
        const count = counts[each] as number;
        counts[each] = next;
        next += count;
      }
      for (let at = from; at < to; at++) {
        const key = fromKeys[at] as number;
        const place = base + ((key >>> shift) & 255);
        const target = counts[place] as number;
        counts[place] = target + 1;
        toKeys[target] = key;
        toValues[target] = fromValues[at] as number;
      }
      [fromKeys, toKeys] = [toKeys, fromKeys];
      [fromValues, toValues] = [toValues, fromValues];
    }
    if (fromKeys === keys) return;
    keys.set(keysBeside.subarray(from, to), from);
    values.set(valuesBeside.subarray(from, to), from);
  }

  return (from, to) => (to - from > FEW ? byDigits(from, to) : byInsertion(from, to));
}

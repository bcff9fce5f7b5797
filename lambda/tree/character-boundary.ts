/** How many characters two different paths share, without cutting an encoded character in two. */
export function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let common = 0;
  while (common < most && a.charCodeAt(common) === b.charCodeAt(common)) common++;
  return Math.min(wholeCharacters(a, common), wholeCharacters(b, common));
}

export const PERCENT = 0x25;

/** The longest prefix of at most `length` characters that ends neither inside `%E2%82%AC` nor inside a surrogate pair. */
export function wholeCharacters(path: string, length: number): number {
  const next = path.charCodeAt(length);
  const last = path.charCodeAt(length - 1);
  const isPlain = next < 0x80 && next !== PERCENT && last !== PERCENT && path.charCodeAt(length - 2) !== PERCENT;
  if (isPlain) return length;
  if (last >>> 10 === 0x36 && next >>> 10 === 0x37) return length - 1;
  let cut = length;
  if (path.charCodeAt(cut - 1) === PERCENT) cut -= 1;
  else if (path.charCodeAt(cut - 2) === PERCENT) cut -= 2;
  // A byte from 80 to BF continues a character that at most three encoded bytes before it began.
  for (let back = 0; back < 3 && continues(path, cut); back++) {
    if (path.charCodeAt(cut - 3) !== PERCENT) break;
    cut -= 3;
  }
  return cut;
}

/** Whether an encoded byte of the form 10xxxxxx begins at an index of a path. */
function continues(path: string, at: number): boolean {
  if (path.charCodeAt(at) !== PERCENT) return false;
  const high = path.charCodeAt(at + 1) | 0x20;
  return high === 0x38 || high === 0x39 || high === 0x61 || high === 0x62;
}

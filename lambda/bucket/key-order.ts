/**
 * The order in which S3 lists keys: by their UTF-8 bytes. It differs from JavaScript's only where one side has a surrogate pair
 * (a character past U+FFFF) and the other a character from U+E000 to U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === most) return a.length - b.length;
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}

/** Surrogates go behind every other code unit. */
function rank(codeUnit: number): number {
  return codeUnit >>> 11 === 0x1b ? codeUnit + 0x10000 : codeUnit;
}

import { isUtf8 } from 'node:buffer';

/**
 * The different keys of a text, one a line. S3 allows almost any: a line of blanks is a key as well, an empty one is none.
 *
 * @param name what the text is, for the message
 * @throws an Error that names the first line that is not UTF-8, as every key of S3 is: decoded, it would be another key
 */
export function keysIn(text: Uint8Array, name: string): string[] {
  if (!isUtf8(text)) throw new Error(`${name} must be UTF-8, but line ${firstBrokenLine(text)} is not.`);
  const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(text).split(/\r?\n/);
  return [...new Set(lines)].filter((line) => line !== '');
}

const LINE_END = 0x0a;

function firstBrokenLine(text: Uint8Array): number {
  let from = 0;
  for (let number = 1; ; number++) {
    const end = text.indexOf(LINE_END, from);
    if (end < 0 || !isUtf8(text.subarray(from, end))) return number;
    from = end + 1;
  }
}

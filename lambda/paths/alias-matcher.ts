import { type Piece, piecesOf } from '../contract/alias-pattern';

/** What the placeholders of a pattern stand for in a key. */
export type Values = ReadonlyMap<string, string>;

/**
 * Finds what the placeholders of a faultless pattern stand for: one character or more each. Where there are several ways,
 * the first placeholder takes as much as it can, then the second.
 *
 * Keys may come from strangers, so there is no way to make this slow: its time is bounded by the length of the key times that of
 * the pattern, where a regular expression would try every way to divide the key.
 *
 * @returns undefined for a key that does not match
 */
export function matcher(pattern: string): (name: string) => Values | undefined {
  const pieces = piecesOf(pattern) ?? [];
  const [head] = pieces;
  const start = head && 'text' in head ? head.text : '';
  return (name) => (name.startsWith(start) ? match(pieces, name) : undefined);
}

const SLASH = 0x2f;

function match(pieces: readonly Piece[], name: string): Values | undefined {
  const tails = tailsOf(pieces, name);
  if (!tails[0]?.[0]) return undefined;
  const values = new Map<string, string>();
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    if ('text' in piece) {
      at += piece.text.length;
      continue;
    }
    const tail = tails[index + 1] as Uint8Array;
    let end = at;
    for (let next = at + 1; next <= name.length; next++) {
      if (!piece.greedy && name.charCodeAt(next - 1) === SLASH) break;
      if (tail[next]) end = next;
    }
    values.set(piece.name, name.slice(at, end));
    at = end;
  }
  return values;
}

/** Per piece and index in the name: 1 where the piece and all after it match the name from there to its end. */
function tailsOf(pieces: readonly Piece[], name: string): Uint8Array[] {
  const { length } = name;
  const tails = pieces.map(() => new Uint8Array(length + 1));
  let tail = new Uint8Array(length + 1);
  tail[length] = 1;
  tails.push(tail);
  for (let index = pieces.length - 1; index >= 0; index--) {
    const piece = pieces[index] as Piece;
    const longer = tails[index] as Uint8Array<ArrayBuffer>;
    if ('text' in piece) {
      const { text } = piece;
      for (let at = 0; at + text.length <= length; at++) {
        if (tail[at + text.length] && name.startsWith(text, at)) longer[at] = 1;
      }
    } else {
      for (let at = length - 1; at >= 0; at--) {
        const takes = piece.greedy || name.charCodeAt(at) !== SLASH;
        if (takes && (tail[at + 1] || longer[at + 1])) longer[at] = 1;
      }
    }
    tail = longer;
  }
  return tails;
}

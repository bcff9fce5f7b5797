/** A piece of a pattern or of a template: text as it stands, or a placeholder. */
export type Piece =
  | { readonly text: string }
  | {
      readonly name: string;
      /** Whether it takes slashes, too. */
      readonly greedy: boolean;
    };

/** `{name}` and, as in paths of API Gateway, the greedy `{name+}`. */
const PLACEHOLDER = /\{([A-Za-z]\w*)(\+?)\}/g;

/** Divides a text by its placeholders; undefined where a brace belongs to none. */
export function piecesOf(text: string): Piece[] | undefined {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { index, 0: whole, 1: name = '', 2: plus } of text.matchAll(PLACEHOLDER)) {
    if (index > at) pieces.push({ text: text.slice(at, index) });
    pieces.push({ name, greedy: plus === '+' });
    at = index + whole.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces.some((piece) => 'text' in piece && /[{}]/.test(piece.text)) ? undefined : pieces;
}

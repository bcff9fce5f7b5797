import { LONGEST_PATH, LONGEST_TAG } from './quotas';

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

/** What is wrong with a pattern, as a rule that it breaks; undefined: nothing. */
export function patternFault(pattern: string): string | undefined {
  if (pattern === '' || pattern.startsWith('/')) return 'must be a name without a slash in front: "images/{name}.jpg"';
  if (pattern.includes('*')) return 'must say {name} for a part of a name, or {name+} for slashes too, in place of "*"';
  if (/\p{Surrogate}/u.test(pattern)) return 'must be well-formed Unicode';
  const pieces = piecesOf(pattern);
  if (!pieces) return 'must have braces only around names of letters and digits: {name} or {name+}';
  const names = namesOf(pieces);
  if (new Set(names).size < names.length) return 'must name each placeholder once';
  if (pieces.some((piece, at) => 'name' in piece && 'name' in (pieces[at + 1] ?? {}))) {
    return 'must have text between placeholders, or nobody knows where one ends';
  }
  return undefined;
}

/** The names of the placeholders among some pieces. */
export function namesOf(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => ('name' in piece ? [piece.name] : []));
}

/** What is wrong with a path of an alias, as a rule that it breaks; undefined: nothing. */
export function aliasPathFault(path: string, pattern: string): string | undefined {
  if (!path.startsWith('/')) return 'must begin with a slash, as viewers request it: "/resized/{name}-*"';
  if (/\*(?!$)/.test(path)) return 'must have a "*" at the end only, where it is a wildcard';
  if (/~|%7E/i.test(path)) return 'must have no "~", which CloudFront cannot invalidate; end it with a "*" before';
  if (path.includes('#')) return 'must have no "#": what follows it never leaves the browser';
  if (/\p{Surrogate}/u.test(path)) return 'must be well-formed Unicode';
  const pieces = piecesOf(path);
  if (!pieces || pieces.some((piece) => 'name' in piece && piece.greedy)) {
    return 'must have braces only around names of placeholders: {name}';
  }
  if (!pieces.every((piece) => 'name' in piece || isEncodable(piece.text))) {
    return 'must have a "%" only in escapes of UTF-8 with capital letters, such as %C3%A9';
  }
  const known = namesOf(piecesOf(pattern) ?? []);
  const unknown = namesOf(pieces).find((name) => !known.includes(name));
  if (unknown !== undefined) return `must name placeholders of its pattern, which has no {${unknown}}`;
  if (textOf(pieces).length > LONGEST_PATH) return `must have at most ${LONGEST_PATH} characters`;
  return undefined;
}

/** What is wrong with a cache tag of an alias, as a rule that it breaks; undefined: nothing. */
export function aliasTagFault(tag: string, pattern: string): string | undefined {
  const pieces = piecesOf(tag);
  if (!pieces || pieces.some((piece) => 'name' in piece && piece.greedy)) {
    return 'must have braces only around names of placeholders: {name}';
  }
  if (tag.startsWith('#')) return 'must have no "#" in front';
  const text = pieces.map((piece) => ('text' in piece ? piece.text : '')).join('');
  const isOfPlaceholders = text === '' && pieces.length > 0;
  const fault = isOfPlaceholders ? undefined : tagFault(text);
  if (fault !== undefined) return fault;
  const known = namesOf(piecesOf(pattern) ?? []);
  const unknown = namesOf(pieces).find((name) => !known.includes(name));
  return unknown === undefined ? undefined : `must name placeholders of its pattern, which has no {${unknown}}`;
}

/**
 * What is wrong with a cache tag, as a rule that it breaks; undefined: nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html
 */
export function tagFault(tag: string): string | undefined {
  if (tag === '') return 'must not be empty';
  if (!/^[!-+\--~]*$/.test(tag)) return 'must be visible ASCII without a comma: CloudFront takes no other tags';
  if (tag.length > LONGEST_TAG) return `must have at most ${LONGEST_TAG} characters`;
  return undefined;
}

/** A path whose placeholders stand for nothing. */
function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => ('text' in piece ? encodeText(piece.text) : '')).join('');
}

/** What may be encoded already stays as it is, and a `?` begins the query string. */
export function encodeText(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}|[^%]+/g, (part) => (part.startsWith('%') ? part : encodeURI(part)));
}

/** Whether every `%` is one of an escape of UTF-8 with capital letters. */
export function isEncodable(text: string): boolean {
  if (/%(?![0-9A-F]{2})/.test(text)) return false;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

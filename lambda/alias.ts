import type { Alias } from './environment';
import { matcher, namesOf, type Values } from './key-pattern';
import { encode, invalidatable, LONGEST_PATH, spellings } from './path';
import { type Piece, piecesOf } from './placeholder';

/** What is wrong with a path of an alias, as a rule that it breaks; undefined: nothing. */
export function aliasPathFault(path: string, pattern: string): string | undefined {
  if (!path.startsWith('/')) return 'must begin with a slash, as viewers ask for it: "/resized/{name}-*"';
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
  if (fill(pieces, new Map()).length > LONGEST_PATH) return `must have at most ${LONGEST_PATH} characters`;
  return undefined;
}

/**
 * Finds the further viewer paths of objects by faultless rules, ready to be invalidated: a value of a placeholder is spelled and
 * encoded as keys are, and a `~` in it leaves a wildcard that ends before it.
 *
 * @returns a function of a key without the origin path
 */
export function aliasesBy(rules: readonly Alias[]): (name: string) => string[] {
  const compiled = rules.map(({ pattern, paths }) => ({
    match: matcher(pattern),
    templates: paths.map((path) => piecesOf(path) ?? []),
  }));
  return (name) => {
    const paths = compiled.flatMap(({ match, templates }) => {
      const values = match(name);
      return values ? templates.flatMap((template) => inAllWays(template, values)) : [];
    });
    return [...new Set(paths.flatMap(spellings).map(invalidatable))];
  };
}

/** In a query string some encode all but letters and digits, as they must where a value has an `&`, and some only what they must. */
function inAllWays(template: readonly Piece[], values: Values): string[] {
  const path = fill(template, values);
  const parameters = fill(template, values, encodeURIComponent);
  return path === parameters ? [path] : [path, parameters];
}

function fill(template: readonly Piece[], values: Values, encodeParameter = encode): string {
  let isQuery = false;
  return template
    .map((piece) => {
      if ('name' in piece) return (isQuery ? encodeParameter : encode)((values.get(piece.name) ?? '').toWellFormed());
      isQuery ||= piece.text.includes('?');
      return encodeText(piece.text);
    })
    .join('');
}

/** What may be encoded already stays as it is, and a `?` begins the query string. */
function encodeText(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}|[^%]+/g, (part) => (part.startsWith('%') ? part : encodeURI(part)));
}

function isEncodable(text: string): boolean {
  if (/%(?![0-9A-F]{2})/.test(text)) return false;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

import { encodeText, type Piece, piecesOf } from '../contract/alias-pattern';
import type { Alias } from '../contract/environment';
import { matcher, type Values } from './alias-matcher';
import { encode, invalidatable, STYLES, type Style } from './viewer-path';

/**
 * Finds the further viewer paths of objects by faultless rules, ready to be invalidated: a value of a placeholder is spelled and
 * encoded as keys are, and a `~` in it leaves a wildcard that ends before it.
 *
 * @returns a function of a key without the origin path
 */
export function aliasesBy(rules: readonly Alias[]): (name: string) => string[] {
  const compiled = rules.map(({ pattern, paths = [] }) => ({
    match: matcher(pattern),
    templates: paths.map((path) => piecesOf(path) ?? []),
  }));
  return (name) => {
    const paths = compiled.flatMap(({ match, templates }) => {
      const values = match(name);
      return values
        ? templates.flatMap((template) => STYLES.flatMap((style) => inAllWays(template, values, style)))
        : [];
    });
    return [...new Set(paths.map(invalidatable))];
  };
}

/** In a query string some encode all but letters and digits, as they must where a value has an `&`, and some only what they must. */
function inAllWays(template: readonly Piece[], values: Values, style: Style): string[] {
  const inPath = (value: string) => style.reserved(encode(value));
  const paths = [encode, encodeURIComponent].map((inQuery) => fill(template, values, inPath, inQuery));
  return paths.flatMap(style.spacesAndPluses);
}

function fill(template: readonly Piece[], values: Values, inPath: Encoder, inQuery: Encoder): string {
  let isQuery = false;
  return template
    .map((piece) => {
      if ('name' in piece) return (isQuery ? inQuery : inPath)((values.get(piece.name) ?? '').toWellFormed());
      isQuery ||= piece.text.includes('?');
      return encodeText(piece.text);
    })
    .join('');
}

type Encoder = (value: string) => string;

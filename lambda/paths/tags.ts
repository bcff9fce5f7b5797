import { piecesOf } from '../contract/alias-pattern';
import type { Alias } from '../contract/environment';
import { matcher } from './alias-matcher';

/**
 * Finds the cache tags of objects by faultless rules, in small letters, for CloudFront does not tell them from capitals. What placeholders
 * stand for is written as `encodeURIComponent` does it: so a tag is always visible ASCII without a comma.
 *
 * @returns a function of a key without the origin path
 */
export function tagsBy(rules: readonly Alias[]): (name: string) => string[] {
  const compiled = rules.flatMap(({ pattern, tags = [] }) =>
    tags.length > 0 ? [{ match: matcher(pattern), templates: tags.map((tag) => piecesOf(tag) ?? []) }] : [],
  );
  return (name) => {
    const tags = compiled.flatMap(({ match, templates }) => {
      const values = match(name);
      const written = (placeholder: string) => encodeURIComponent((values?.get(placeholder) ?? '').toWellFormed());
      return values
        ? templates.map((pieces) =>
            pieces.map((piece) => ('name' in piece ? written(piece.name) : piece.text)).join(''),
          )
        : [];
    });
    return [...new Set(tags.map((tag) => tag.toLowerCase()))];
  };
}

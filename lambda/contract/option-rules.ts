/**
 * Rules of options that the construct and the commands share: what is wrong with a value, as a rule that it breaks; undefined:
 * nothing.
 */

/** The form of CloudFront's distribution ids: `E` and capital letters or digits. */
export function distributionIdFault(value: string): string | undefined {
  if (/^E[A-Z0-9]{5,31}$/.test(value)) return undefined;
  return 'must be a distribution id: E and capital letters or digits, as E123EXAMPLE';
}

/** CloudFront's rule for origin paths: empty, or a leading slash and no trailing one. */
export function originPathFault(value: string): string | undefined {
  if (value === '') return undefined;
  if (!value.startsWith('/')) return 'must begin with a slash, such as "/site"';
  if (value.endsWith('/')) return 'must not end with a slash; leave it out for none';
  if (!/^(\/[^/?#*%\s]+)+$/.test(value)) return 'must be folders without "?", "#", "*", "%", spaces or empty names';
  if (value.length > 255) return 'must have at most 255 characters';
  return undefined;
}

/** Document names are compared with the last segment of a key, so a slash could never match. */
export function indexDocumentFault(value: string): string | undefined {
  if (value === '' || value.includes('/'))
    return 'must be a file name without a slash, such as "index.html", or "none"';
  if (value.includes('*')) return 'must be one file name, without a wildcard';
  if (value.length > 100) return 'must have at most 100 characters';
  return undefined;
}

/**
 * Whether globs, in their order, leave nothing to invalidate. Of a glob that matches every name and some others, nobody can tell in
 * general: these are the usual ones.
 */
export function excludesAll(globs: readonly string[]): boolean {
  const last = globs.map((glob) => ['**', '**/*', '**/**'].includes(glob)).lastIndexOf(true);
  return last >= 0 && !globs.slice(last).some((glob) => glob.startsWith('!'));
}

/** Names have no slash in front, and those that end in one are markers of folders: such a glob would exclude nothing. */
export function globFault(value: string): string | undefined {
  const names = value.replace(/^!/, '');
  if (names === '' || names.startsWith('/') || names.endsWith('/')) {
    return 'must be a glob of names without a slash in front or at the end: "assets/**"';
  }
  const stars = value.match(/\*+/g) ?? [];
  const folders = stars.filter((each) => each.length > 1).length;
  const ofASegment = value.split('/').map((segment) => segment.match(/\*+/g)?.length ?? 0);
  if (folders > MOST_STARS || Math.max(...ofASegment) > MOST_STARS || /[@!?+*]\(/.test(value)) {
    return 'must have at most two "**", two "*" between slashes, and no "(": each more makes matching a long key a thousand times slower';
  }
  return undefined;
}

/** Globs become regular expressions, which try every way to divide a key, and keys may come from strangers. */
const MOST_STARS = 2;

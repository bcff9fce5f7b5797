import { folderOf } from '../contract/environment';
import { LONGEST_PATH } from '../contract/quotas';

/**
 * The paths under which viewers may have an object in CloudFront's caches, ready to be invalidated: relative to the
 * distribution, percent-encoded as CloudFront compares them. A path that ends in `*` is a wildcard, the only way to
 * cover that object.
 *
 * @param key the key in the bucket; half a surrogate pair, which no key of S3 holds, is taken for U+FFFD
 * @param originPath the distribution's origin path in front of the key; empty for none
 * @param indexDocument the name that a folder's URL is answered with; empty for none
 * @returns no path at all when the key lies outside of the origin path: no viewer is served this object
 */
export function viewerPaths(key: string, originPath: string, indexDocument: string): string[] {
  const name = servedName(key, originPath);
  if (name === undefined) return [];
  return [...new Set([name, ...folderNames(name, indexDocument)].flatMap(spelledPaths))];
}

/** A key without the origin path in front of it; undefined when it lies outside of the origin path. */
export function servedName(key: string, originPath: string): string | undefined {
  const folder = folderOf(originPath);
  return key.startsWith(folder) ? key.slice(folder.length) : undefined;
}

/** The names of the folder that a document is the index of: of `docs/index.html`, `docs/` and `docs`. The root has but one. */
export function folderNames(name: string, indexDocument: string): string[] {
  if (indexDocument === '') return [];
  if (name === indexDocument) return [''];
  if (!name.endsWith(`/${indexDocument}`)) return [];
  const folder = name.slice(0, -indexDocument.length);
  return [folder, folder.slice(0, -1)];
}

/** The paths that viewers request a name by, ready to be invalidated. */
export function spelledPaths(name: string): string[] {
  return spellings(encode(`/${name}`)).map(invalidatable);
}

/**
 * The ways to write an encoded path in a URL, which CloudFront tells apart and S3 does not. S3 reads a `+` as a space, so viewers
 * request a space as `%20` or `+`, and a plus as `%2B`, or raw where something in front of S3 encodes it.
 */
export function spellings(path: string): string[] {
  if (!/[;,:@&=$+]|%20/.test(path)) return [path];
  return [...new Set(STYLES.flatMap((style) => style.spacesAndPluses(style.reserved(path))))];
}

/** A way to write URLs. */
export interface Style {
  /** Writes the reserved characters of an encoded path. */
  reserved(path: string): string;
  /** The ways to write the spaces and the pluses of an encoded URL. */
  spacesAndPluses(url: string): string[];
}

/** `encodeURIComponent` writes reserved characters as hex, others do so in small letters, and `encodeURI` leaves them raw. */
export const STYLES: readonly Style[] = [
  style((character) => character, '%2B'),
  style(encodeURIComponent, '%2B'),
  style((character) => encodeURIComponent(character).toLowerCase(), '%2b'),
];

function style(written: (character: string) => string, plus: string): Style {
  return {
    reserved: (path) => path.replace(/[;,:@&=$]/g, written),
    spacesAndPluses(url) {
      const pluses = url.includes('+') ? [url, url.replaceAll('+', plus)] : [url];
      return url.includes('%20') ? pluses.flatMap((each) => [each, each.replaceAll('%20', '+')]) : pluses;
    },
  };
}

/**
 * CloudFront wants non-ASCII and RFC 1738's unsafe characters encoded and nothing else: one character encoded in
 * vain, and the object silently stays cached. `encodeURI` is that set, but for `#`; a raw `?` would begin the query.
 */
export function encode(name: string): string {
  if (/^[\w./-]*$/.test(name)) return name;
  return encodeURI(name.toWellFormed()).replaceAll('#', '%23').replaceAll('?', '%3F');
}

/** CloudFront does not accept `~`, and ignores `%7E`, so only a wildcard that ends before it reaches the object. */
export function invalidatable(path: string): string {
  const tilde = path.indexOf('~');
  if (tilde < 0) return path.length <= LONGEST_PATH ? path : `${shorten(path)}*`;
  return `${shorten(path.slice(0, tilde))}*`;
}

/** Leaves room for the `*`, and cuts no character's percent-encoded bytes apart. */
export function shorten(path: string): string {
  if (path.length < LONGEST_PATH) return path;
  let end = LONGEST_PATH - 1;
  const percent = path.lastIndexOf('%', end - 1);
  if (percent > end - 3) end = percent;
  while (/^%[89AB]/.test(path.slice(end, end + 3))) end -= 3;
  return path.slice(0, end);
}

/** A path, or if it has other characters than letters, digits, `-`, `.`, `_` and `/`, the wildcard that ends before the first of them. */
export function beforeUnusual(path: string): string {
  if (isTag(path)) return path;
  const usual = /^[\w./-]*/.exec(path)?.[0] ?? '';
  return usual.length === path.length ? path : `${usual}*`;
}

/** Whether CloudFront takes a path for a wildcard: a star elsewhere than at the end is a character like others. A tag is none. */
export function isWildcard(path: string): boolean {
  return path.endsWith('*') && !isTag(path);
}

/** Whether what is to be invalidated is no path, but everything that bears a cache tag. */
export function isTag(path: string): boolean {
  return path.startsWith('#');
}

/** What everything under a path begins with: of a wildcard, what is before its star. */
export function stemOf(path: string): string {
  return isWildcard(path) ? path.slice(0, -1) : path;
}

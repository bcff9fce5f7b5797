import fc from 'fast-check';
import { compareKeys } from '../../lambda/bucket/key-order';
import type { ChangedObject } from '../../lambda/paths/changed-object';
import { stemOf, viewerPaths } from '../../lambda/paths/viewer-path';

/** Names that part in awkward places: inside encoded characters, surrogate pairs, at empty segments, stars and tildes. */
const PIECES = ['a', 'b', '/', '//', '%', ' ', '+', '*', '~', '€', 'é', 'è', '\u{1f600}', '\u{1f601}', '\uff5e', 'ab/'];

export const keyArbitrary = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 5 })
  .map((pieces) => pieces.join(''));

/** A bucket after some of its objects changed; some of those were deleted. */
export const siteArbitrary = fc
  .uniqueArray(fc.tuple(keyArbitrary, fc.constantFrom('changed', 'deleted', 'unchanged')), {
    minLength: 1,
    maxLength: 14,
    selector: ([key]) => key,
  })
  .map((objects) => ({
    changed: objects.filter(([, fate]) => fate !== 'unchanged').map(([key]) => change(key)),
    unchanged: objects.filter(([, fate]) => fate === 'unchanged').map(([key]) => key),
    /** As S3 lists them. */
    keys: objects
      .filter(([, fate]) => fate !== 'deleted')
      .map(([key]) => key)
      .sort(compareKeys),
  }));

export function change(key: string, receiveCount = 1): ChangedObject {
  return { bucket: 'site', key, paths: viewerPaths(key, '', ''), receiveCount };
}

/** The unchanged objects that have a viewer path under a wildcard. */
export function discardedBy(wildcard: string, unchanged: readonly string[]): number {
  const prefix = wildcard.slice(0, -1);
  return unchanged.filter((key) => viewerPaths(key, '', '').some((path) => stemOf(path).startsWith(prefix))).length;
}

/** What a plan really costs. */
export function truePrice(paths: readonly string[], unchanged: readonly string[], refetchesPerPath: number): number {
  const discarded = paths.filter(isWildcard).reduce((sum, wildcard) => sum + discardedBy(wildcard, unchanged), 0);
  return paths.length + discarded / refetchesPerPath;
}

export function isWildcard(path: string): boolean {
  return path.endsWith('*');
}

import fc from 'fast-check';
import { listable } from '../../cli/plan/bucket-in-memory';
import { type Inventory, originInventory } from '../../lambda/bucket/inventory';
import { compareKeys } from '../../lambda/bucket/key-order';
import type { ListObjects } from '../../lambda/bucket/list-objects';
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

/** How many unchanged objects a wildcard evicts: those with a viewer path under it. */
export function evictedBy(wildcard: string, unchanged: readonly string[]): number {
  const prefix = stemOf(wildcard);
  // The wildcard of a key with a tilde ends before what viewers ask for.
  const isUnder = (key: string, path: string) => (key.includes('~') ? stemOf(path) : path).startsWith(prefix);
  return unchanged.filter((key) => viewerPaths(key, '', '').some((path) => isUnder(key, path))).length;
}

/** What a plan really costs. */
export function truePrice(paths: readonly string[], unchanged: readonly string[], refetchesPerPath: number): number {
  const evicted = paths.filter(isWildcard).reduce((sum, wildcard) => sum + evictedBy(wildcard, unchanged), 0);
  return paths.length + evicted / refetchesPerPath;
}

export function isWildcard(path: string): boolean {
  return path.endsWith('*');
}

/** The whole of a bucket without an origin path. */
export const ORIGIN = { bucket: 'site', path: '' };

/** A bucket that can be listed. @param keys in any order */
export function listing(
  keys: readonly string[],
  lastModified?: (key: string) => number | undefined,
  pageSize = 1000,
): ListObjects {
  const page = listable(keys.toSorted(compareKeys), lastModified);
  return async ({ prefix, startAfter, maxKeys }) => page(prefix, startAfter, Math.min(maxKeys, pageSize));
}

/** A bucket that was listed to the end. @param keys in any order */
export function inventoryOf(
  keys: readonly string[],
  lastModified?: (key: string) => number | undefined,
  { bucket, path } = ORIGIN,
): Inventory {
  const origin = originInventory({ bucket, path });
  const objects = keys.toSorted(compareKeys).map((key) => ({ key, lastModified: lastModified?.(key) }));
  origin.add('', '', { objects, truncated: false });
  return { origins: [origin], listedPages: Math.ceil(keys.length / 1000) };
}

import type { OriginInventory } from '../bucket/inventory';
import { folderOf } from '../contract/environment';
import type { ChangedObject } from '../paths/changed-object';
import { isInvalidated, type ServedOrigin, type ServedOrigins, servedPaths } from '../paths/served-paths';
import type { DeployContext } from '../plan/deploy';
import type { Ledger } from './ledger';
import { coveringInvalidation } from './recent-invalidations';

/** S3 lists times in whole seconds, cut off: an object may have changed so much later, in ms. */
const LISTED_PRECISION = 999;

/** What the planner has to know of a distribution to tell what else a deploy has changed, and nobody has invalidated yet. */
export function deployContext(
  distribution: string,
  { origins, indexDocument }: ServedOrigins,
  { invalidations, completeSince }: Ledger,
): DeployContext {
  const covering = coveringInvalidation(invalidations);
  /** Every page that is listed looks at all objects again. */
  const known = new Map<string, ChangedObject | undefined>();

  function toChange({ bucket, folder }: OriginInventory, name: string, lastModified: number) {
    const key = folder + name;
    const serves = (each: ServedOrigin) =>
      each.distribution === distribution && each.bucket === bucket && folderOf(each.path) === folder;
    // There may be several for the same objects, with a prefix each.
    const origin = origins.find((each) => serves(each) && isInvalidated(key, each) === 'yes');
    if (!origin) return undefined;
    const change = { bucket, key, time: lastModified + LISTED_PRECISION, ...servedPaths(key, origin, indexDocument) };
    return change.paths.every((path) => covering(path, change.time)) ? undefined : change;
  }

  return {
    completeSince,
    toChange(origin, name, lastModified) {
      const id = `${origin.bucket}/${origin.folder}${name}`;
      if (!known.has(id)) known.set(id, toChange(origin, name, lastModified));
      return known.get(id);
    },
  };
}

import { folderOf } from '../contract/environment';
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
  return {
    completeSince,
    toChange({ bucket, folder }, name, lastModified) {
      const key = folder + name;
      const serves = (each: ServedOrigin) =>
        each.distribution === distribution && each.bucket === bucket && folderOf(each.path) === folder;
      // There may be several for the same objects, with a prefix each.
      const origin = origins.find((each) => serves(each) && isInvalidated(key, each) === 'yes');
      if (!origin) return undefined;
      const change = { bucket, key, time: lastModified + LISTED_PRECISION, ...servedPaths(key, origin, indexDocument) };
      return change.paths.every((path) => covering(path, change.time)) ? undefined : change;
    },
  };
}

import { folderOf } from '../contract/environment';
import { serve } from '../paths/served-origin';
import type { ServedDistribution } from '../paths/served-origins';
import type { PlanContext } from '../plan/deploy';
import type { Ledger } from './ledger';
import { coveringInvalidation } from './recent-invalidations';

/** S3 lists times in whole seconds, cut off: an object may have changed so much later, in ms. */
const LISTED_PRECISION = 999;

/** What the planner has to know of a distribution to tell what else a deploy has changed, and nobody has invalidated yet. */
export function planContext(
  { origins, foreignUnder }: ServedDistribution,
  { invalidations, completeSince }: Ledger,
): PlanContext {
  const covering = coveringInvalidation(invalidations);
  return {
    completeSince,
    foreignUnder,
    toChange({ bucket, folder, viewerFolder, keyOf }, name, lastModified) {
      const key = keyOf(name);
      // There may be several for the same objects, with a prefix each.
      const here = origins.filter(
        (origin) =>
          origin.bucket === bucket && folderOf(origin.path) === folder && origin.viewerFolder === viewerFolder,
      );
      const served = here.map((origin) => serve(key, origin)).find(({ kind }) => kind === 'served');
      if (served?.kind !== 'served') return undefined;
      const { paths, aliases } = served;
      const time = lastModified + LISTED_PRECISION;
      if (paths.every((path) => covering(path, time))) return undefined;
      return { bucket, key, originPath: here[0]?.path ?? '', viewerFolder, time, paths, ...(aliases && { aliases }) };
    },
  };
}

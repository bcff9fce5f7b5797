import { folderOf } from '../contract/environment';
import { isInvalidated, type ServedOrigins, servedPaths } from '../paths/served-paths';
import type { DeployContext } from '../plan/deploy';

/** What the planner has to know of a distribution to tell what else a deploy has changed. */
export function deployContext(
  distribution: string,
  { origins, indexDocument }: ServedOrigins,
  lastTurn: number,
): DeployContext {
  return {
    lastTurn,
    toChange({ bucket, folder }, name, time) {
      const key = folder + name;
      const serves = (each: ServedOrigins['origins'][number]) =>
        each.distribution === distribution && each.bucket === bucket && folderOf(each.path) === folder;
      const origin = origins.find(serves);
      if (!origin || isInvalidated(key, origin) !== 'yes') return undefined;
      return { bucket, key, time, ...servedPaths(key, origin, indexDocument) };
    },
  };
}

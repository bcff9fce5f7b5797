import { listAhead } from '../bucket/list-ahead';
import type { ListObjects } from '../bucket/list-objects';
import type { ApiError } from '../cloudfront/api-error';
import { folderOf } from '../contract/environment';
import { isSameTarget, type Target } from '../contract/target';
import type { ConfiguredOrigins } from '../paths/configured-origin';
import { type ServedDistribution, servedDistribution } from '../paths/served-origins';
import { EVERYTHING, MAX_LISTING_MS } from '../plan/inspect-bucket';
import type { DistributionReader } from './distribution-reader';
import type { Dispatch, Invocation } from './invalidate-distribution';
import { misconfiguration } from './misconfiguration';

/** What there is to know of a distribution or a tenant before its changes are planned for. */
export interface Readiness {
  readonly served: ServedDistribution;
  /** Why its changes cannot be invalidated, whatever they are. */
  readonly misconfigured: ApiError | undefined;
  readonly list: ListObjects;
}

/**
 * Reads a distribution, if what is known of it is not fresh. The first time, the first page of each of its buckets is listed
 * meanwhile, where the options or most distributions have it: so a cold start takes as long as without.
 */
export async function readyToServe(
  target: Target,
  {
    configuration,
    reader,
    listObjects,
    clock,
  }: Dispatch & { readonly configuration: ConfiguredOrigins; readonly reader?: DistributionReader | undefined },
  { telemetry }: Pick<Invocation, 'telemetry'>,
): Promise<Readiness> {
  const { list, ahead } = listAhead(listObjects);
  const { distribution } = target;
  const own = configuration.origins.filter((origin) => isSameTarget(origin, target));
  if (configuration.inspectBucket && reader && !reader.isKnown(distribution)) {
    const folders = new Map(
      own.map(({ bucket, path = '' }) => [`${bucket}${path}`, { bucket, folder: folderOf(path) }]),
    );
    for (const { bucket, folder } of folders.values()) {
      const request = { bucket, prefix: folder + EVERYTHING.prefix, startAfter: '', maxKeys: EVERYTHING.maxKeys };
      ahead(request, clock.deadline(MAX_LISTING_MS));
    }
  }
  const read = await reader?.read(distribution, telemetry);
  const misconfigured = read && misconfiguration(target, own, read);
  return { served: servedDistribution(configuration, target, read), misconfigured, list };
}

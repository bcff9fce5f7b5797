import {
  type CloudFrontClient,
  GetInvalidationCommand,
  GetInvalidationForDistributionTenantCommand,
  ListInvalidationsCommand,
  ListInvalidationsForDistributionTenantCommand,
} from '@aws-sdk/client-cloudfront';
import type { Target } from '../../lambda/contract/target';
import type { Invalidation } from './coverage';
import { spansOf } from './time-span';

/** The largest page of ListInvalidations. */
const PAGE = 100;

/** The invalidations of a distribution, or of a tenant, without what they remove, the newest first. */
export async function* listInvalidations(
  client: CloudFrontClient,
  target: Target,
): AsyncGenerator<Omit<Invalidation, 'items'>> {
  for (let marker: string | undefined, isFirst = true; isFirst || marker !== undefined; isFirst = false) {
    const { InvalidationList: list } = await listPage(client, target, marker);
    if (list?.IsTruncated === undefined) throw new Error('CloudFront did not say whether its list ends here');
    const items = list.Items ?? [];
    const toSpan = spansOf(items.flatMap(({ CreateTime }) => CreateTime?.getTime() ?? []));
    for (const { Id = '', CreateTime, Status } of items) {
      yield { id: Id, time: toSpan(CreateTime?.getTime() ?? 0), isCompleted: Status === 'Completed' };
    }
    marker = list.IsTruncated ? list.NextMarker : undefined;
  }
}

function listPage(client: CloudFrontClient, { distribution, tenant }: Target, marker: string | undefined) {
  const page = { MaxItems: PAGE, Marker: marker };
  return tenant === undefined
    ? client.send(new ListInvalidationsCommand({ DistributionId: distribution, ...page }))
    : client.send(new ListInvalidationsForDistributionTenantCommand({ Id: tenant, ...page }));
}

/** What an invalidation removes, and whether it is completed. Undefined: CloudFront no longer has it. */
export async function getInvalidation(
  client: CloudFrontClient,
  target: Target,
  id: string,
): Promise<Pick<Invalidation, 'items' | 'isCompleted'> | undefined> {
  try {
    const { Invalidation } = await get(client, target, id);
    if (!Invalidation?.InvalidationBatch) throw new Error('CloudFront answered without naming an invalidation');
    const { Status, InvalidationBatch } = Invalidation;
    return { isCompleted: Status === 'Completed', items: InvalidationBatch.Paths?.Items ?? [] };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchInvalidation') return undefined;
    throw error;
  }
}

function get(client: CloudFrontClient, { distribution, tenant }: Target, id: string) {
  return tenant === undefined
    ? client.send(new GetInvalidationCommand({ DistributionId: distribution, Id: id }))
    : client.send(new GetInvalidationForDistributionTenantCommand({ DistributionTenantId: tenant, Id: id }));
}

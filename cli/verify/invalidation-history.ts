import { type CloudFrontClient, GetInvalidationCommand, ListInvalidationsCommand } from '@aws-sdk/client-cloudfront';
import type { Invalidation } from './coverage';
import { spansOf } from './time-span';

/** The largest page of ListInvalidations. */
const PAGE = 100;

/** The invalidations of a distribution without what they remove, the newest first: `cloudfront:ListInvalidations`. */
export async function* listInvalidations(
  client: CloudFrontClient,
  distribution: string,
): AsyncGenerator<Omit<Invalidation, 'items'>> {
  for (let marker: string | undefined, isFirst = true; isFirst || marker !== undefined; isFirst = false) {
    const { InvalidationList: list } = await client.send(
      new ListInvalidationsCommand({ DistributionId: distribution, MaxItems: PAGE, Marker: marker }),
    );
    if (list?.IsTruncated === undefined) throw new Error('CloudFront did not say whether its list ends here');
    const items = list.Items ?? [];
    const toSpan = spansOf(items.flatMap(({ CreateTime }) => CreateTime?.getTime() ?? []));
    for (const { Id = '', CreateTime, Status } of items) {
      yield { id: Id, time: toSpan(CreateTime?.getTime() ?? 0), isCompleted: Status === 'Completed' };
    }
    marker = list.IsTruncated ? list.NextMarker : undefined;
  }
}

/** What an invalidation removes, and whether it is completed: `cloudfront:GetInvalidation`. Undefined: CloudFront no longer has it. */
export async function getInvalidation(
  client: CloudFrontClient,
  distribution: string,
  id: string,
): Promise<Pick<Invalidation, 'items' | 'isCompleted'> | undefined> {
  try {
    const { Invalidation } = await client.send(new GetInvalidationCommand({ DistributionId: distribution, Id: id }));
    if (!Invalidation?.InvalidationBatch) throw new Error('CloudFront answered without naming an invalidation');
    const { Status, InvalidationBatch } = Invalidation;
    return { isCompleted: Status === 'Completed', items: InvalidationBatch.Paths?.Items ?? [] };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchInvalidation') return undefined;
    throw error;
  }
}

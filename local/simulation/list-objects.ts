import type { listable } from '../../cli/plan/bucket-in-memory';
import type { ListObjects } from '../../lambda/bucket/list-objects';
import type { VirtualTime } from './virtual-time';

/** A bucket as the function lists it. */
export interface Bucket {
  readonly list: ReturnType<typeof listable>;
  /** @default false */
  readonly listingFails?: boolean;
  /** A page is listed. */
  readonly onPage?: () => void;
}

/** Until S3 answers with a page, in ms. */
const LATENCY = 50;

/** ListObjectsV2 in virtual time. */
export function simulatedListObjects(time: VirtualTime, { list, listingFails, onPage }: Bucket): ListObjects {
  return async ({ prefix, startAfter, maxKeys }, signal) => {
    onPage?.();
    await time.pause(LATENCY, signal);
    if (signal.aborted) throw signal.reason;
    if (listingFails) throw new Error('SlowDown');
    return list(prefix, startAfter, maxKeys);
  };
}

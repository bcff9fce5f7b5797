import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { OptionError } from '../options/option-error';
import type { ChangeEvents } from '../options/origin';
import { overlap, withoutOverlaps } from './prefixes';

/** Where an origin's changes come from. */
export interface ChangeSource {
  readonly bucket: IBucket;
  readonly events: ChangeEvents;
  readonly prefix: string;
}

/** A bucket and what of it is watched. */
export interface WatchedBucket {
  readonly bucket: IBucket;
  /** No two of them overlap. */
  readonly prefixes: readonly string[];
}

/**
 * The buckets to watch by one kind of events, each once, whichever of them were imported more than once.
 *
 * @param sources by origin
 */
export function watchedBuckets(sources: readonly ChangeSource[], events: ChangeEvents): WatchedBucket[] {
  const byName = new Map<string, ChangeSource[]>();
  for (const source of sources) {
    if (source.events !== events) continue;
    const { bucketName } = source.bucket;
    byName.set(bucketName, [...(byName.get(bucketName) ?? []), source]);
  }
  return Array.from(byName.values(), (same) => ({
    bucket: (same[0] as ChangeSource).bucket,
    prefixes: withoutOverlaps(same.map(({ prefix }) => prefix)),
  }));
}

/**
 * A change that comes both ways would be handled twice.
 *
 * @throws OptionError that names the second origin
 */
export function checkOneWay(sources: readonly ChangeSource[]): void {
  for (const [index, { bucket, events, prefix }] of sources.entries()) {
    const other = sources
      .slice(0, index)
      .find((each) => each.bucket.bucketName === bucket.bucketName && overlap(each.prefix, prefix));
    if (other && other.events !== events) {
      const rule = `must be '${other.events}', as of the other origin of this bucket with the same objects`;
      throw new OptionError(`origins[${index}].events`, rule, events);
    }
  }
}

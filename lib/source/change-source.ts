import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ChangeEvents } from '../change-events';
import { OptionError } from '../options/option-error';
import type { CheckedOrigin } from '../options/origin';
import { inOurStack, isOwned } from '../ownership';
import { identityOf } from '../synthesis/bucket-identity';
import { makeRendering } from '../synthesis/rendering';
import { checkPlacement } from './placement';
import { overlap, withoutOverlaps } from './prefixes';

/** Where an origin's changes come from. */
export interface ChangeSource {
  readonly bucket: IBucket;
  /** How messages call the origin, such as `origins[0]`. */
  readonly option: string;
  readonly events: ChangeEvents;
  readonly prefix: string;
}

/** Of an origin, which must be where it can be served from. */
export function toSource(scope: Construct, origin: CheckedOrigin): ChangeSource {
  checkPlacement(scope, origin);
  const { bucket, option, events, watched: prefix } = origin;
  return { bucket: inOurStack(scope, bucket), option, events, prefix };
}

/** A bucket and what of it is watched. */
export interface WatchedBucket {
  readonly bucket: IBucket;
  /** Of the first origin that it is of. */
  readonly option: string;
  readonly events: ChangeEvents;
  /** No two of them overlap. */
  readonly prefixes: readonly string[];
}

/**
 * The buckets to watch, each once for each kind of events, whichever of them were imported more than once. Of one that is owned and
 * imported it is the owned, for which EventBridge can be switched on.
 *
 * @throws OptionError that names the second of two origins by which a change would come both ways, and be handled twice
 */
export function watchedBuckets(sources: readonly ChangeSource[]): WatchedBucket[] {
  const rendering = makeRendering();
  return grouped(sources, ({ bucket }) => identityOf(bucket, rendering)).flatMap((same) => {
    checkOneWay(same);
    const { bucket } = same.find((each) => isOwned(each.bucket)) ?? same[0];
    return grouped(same, ({ events }) => events).map((all) => ({
      bucket,
      option: all[0].option,
      events: all[0].events,
      prefixes: withoutOverlaps(all.map(({ prefix }) => prefix)),
    }));
  });
}

/** Map.groupBy, which Node 20 does not have. */
function grouped<T>(all: readonly T[], nameOf: (each: T) => string): [T, ...T[]][] {
  const names = new Set(all.map(nameOf));
  return [...names].map((name) => all.filter((each) => nameOf(each) === name) as [T, ...T[]]);
}

function checkOneWay(sources: readonly ChangeSource[]): void {
  for (const [index, { option, events, prefix }] of sources.entries()) {
    const other = sources.slice(0, index).find((each) => overlap(each.prefix, prefix));
    if (other && other.events !== events) {
      const rule = `must be '${other.events}', as of the other origin of this bucket with the same objects`;
      throw new OptionError(`${option}.events`, rule, events);
    }
  }
}

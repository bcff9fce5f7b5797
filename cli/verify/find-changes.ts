import type { S3Client } from '@aws-sdk/client-s3';
import type { Change } from './coverage';
import { type ListedObject, listObjects } from './list-changes';
import { type Moment, timeOf } from './moment';
import type { ServedBucket } from './served-bucket';
import { fromTo, spanOf, type TimeSpan } from './time-span';

/** Which changes are looked for. */
export interface ChangesQuestion {
  readonly bucket: string;
  /** Objects that have changed since then. */
  readonly since: Moment;
  /** Keys that have changed, too: those of deleted objects, which no list of the bucket shows. @default - none */
  readonly keys?: readonly string[] | undefined;
  /** By when everything had changed whose time S3 does not tell. @default - when it was listed */
  readonly changedBy?: Moment | undefined;
}

/** What has changed in a bucket. */
export interface Changes {
  readonly changes: readonly Change[];
  /** In ms since the epoch. */
  readonly since: number;
  /** How many objects have changed that need no invalidation: no behavior leads to them, or they are excluded. */
  readonly notServed: number;
}

/** @param onPage is told how many objects are listed, and how many of them have changed */
export async function findChanges(
  s3: S3Client,
  { bucket, since, keys = [], changedBy }: ChangesQuestion,
  { prefixes, pathsOf }: ServedBucket,
  onPage: (listed: number, changed: number) => void,
): Promise<Changes> {
  const times = new Map<string, TimeSpan>();
  let listed = 0;
  /** By S3's clock: that of this machine may be wrong. */
  let started: TimeSpan | undefined;
  const stated = () => changedBy && spanOf(timeOf(changedBy, started?.latest ?? 0));
  for (const prefix of prefixes) {
    for await (const { objects, time } of listObjects(s3, bucket, prefix)) {
      started ??= time;
      const from = timeOf(since, started.earliest);
      for (const object of objects) {
        if (object.lastModified.latest >= from) times.set(object.key, timeOfChange(object, stated() ?? time));
      }
      listed += objects.length;
      onPage(listed, times.size);
    }
  }
  started ??= spanOf(Date.now());
  const from = timeOf(since, started.earliest);
  const sometime = fromTo(spanOf(from), stated() ?? started);
  for (const key of keys) if (!times.has(key)) times.set(key, sometime);
  const all = Array.from(times, ([key, time]) => ({ key, time, paths: pathsOf(key) }));
  const changes = all.filter(({ paths }) => paths.length > 0);
  return { changes, since: from, notServed: all.length - changes.length };
}

/** Of an upload in parts S3 tells when it began, not when it ended. */
function timeOfChange({ lastModified, isInParts }: ListedObject, until: TimeSpan): TimeSpan {
  return isInParts ? fromTo(lastModified, until) : lastModified;
}

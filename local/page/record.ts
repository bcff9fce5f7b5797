import { isWildcard, stemOf, viewerPaths } from '../../lambda/paths/viewer-path';
import type { ApplicationSeen } from '../cli/application';
import type { Expected } from '../cli/freshness';
import type { Invalidation } from '../cloudfront/control-plane';
import type { LocalEvent } from '../local-stack';
import type { ObjectChanged } from '../s3-sqs/start';
import { type Batch, createBatches } from './batches';
import { billOf } from './bill';
import { draw, summaryOf } from './drawn-batch';
import { createFreshnessHistory } from './freshness-history';
import { summarize } from './invalidation-summary';
import type { Lease } from './lease';
import type { QueueDepth } from './queue-depth';
import { legible, type Row } from './rows';
import type { BatchSummary, Snapshot } from './snapshot';
import { createStories, type Story } from './stories';

/** What of the stack the page must know. */
export interface Watched {
  readonly edgeUrl: string;
  readonly distribution: string;
  readonly bucket: string;
  readonly originPath: string;
  readonly indexDocument: string;
  /** Seconds. @default 0 */
  readonly maxBatchingWindow?: number;
  /** The folder whose changes are uploaded. @default - none */
  readonly folder?: string;
  /** Whether that folder is the sample site. @default false */
  readonly isSample?: boolean;
  /** Whether a script changes the objects. @default false */
  readonly byScript?: boolean;
  /** Whether nothing is invalidated. @default false */
  readonly dryRun?: boolean;
}

/** What has happened in the stack, as far as the page shows it. */
export interface LocalRecord {
  /** From now on, changes are on their way to the function. */
  begin(watched: Watched): void;
  event(event: LocalEvent): void;
  /** Batches that are handled now. */
  readonly inProgress: number;
  /** Who holds the lease of the distribution, as far as anybody knows. */
  lease(lease: Lease | undefined): void;
  stale(expected: Expected): void;
  fresh(expected: Expected, after: number): void;
  application(seen: ApplicationSeen): void;
  snapshot(queue: QueueDepth | undefined): Snapshot;
  /** What became of the newest changes of the objects whose keys hold a text. */
  stories(text: string): Story[];
  /** The paths of an invalidation, no more than a page can show; undefined when it is not remembered. */
  pathsOf(invalidationId: string): readonly string[] | undefined;
  /** The tree of a batch; undefined when there is no such batch any more. */
  batchTree(number: number): Tree | undefined;
  /** That of the bucket as it is, or was a moment ago. */
  bucketTree(): Tree;
}

/** A drawing in lines. */
export interface Tree {
  /** The snapshot's `treeVersion` that it belongs to. */
  readonly version: number;
  readonly rows: readonly Row[];
}

const MOST_BATCHES = 50;
const MOST_REMEMBERED = 1_000;
const MOST_INVALIDATIONS = 8;
const MOST_PATHS = 1_000;

/** Messages whose return is remembered: what comes again is not paid for again. */
const MOST_RETURNED = 10_000;

/** Milliseconds for which a drawing of the whole bucket will do. */
const REDRAW_INTERVAL = 1_000;

/**
 * A record that grows with the bucket by a name an object, and else is bounded.
 *
 * @param now the clock, in milliseconds
 * @param onNews called when a snapshot would differ
 */
export function createRecord(now: () => number = Date.now, onNews: () => void = () => {}): LocalRecord {
  const keysOf = new Map<string, Set<string>>();
  /** Changed objects that are not covered yet, with when they changed. */
  const waiting = new Map<string, number>();
  const history = createFreshnessHistory(now());
  let invalidations: Invalidation[] = [];
  let watched: Watched = { edgeUrl: '', distribution: '', bucket: '', originPath: '', indexDocument: '' };
  let batches = createBatches('');
  let done: { readonly summary: BatchSummary; readonly rows: readonly Row[] }[] = [];
  let begun = false;
  let paths = 0;
  let urls = 0;
  const began = now();
  const returnedIds = new Set<string>();
  let treeVersion = 0;
  let broken: string | undefined;
  let lease: Lease | undefined;
  let application: ApplicationSeen | undefined;
  let tree: Tree | undefined;
  let drawnAt = 0;

  const pathsFor = (key: string) => viewerPaths(key, watched.originPath, watched.indexDocument);
  const stories = createStories((key, sent) => {
    const own = pathsFor(key);
    return sent.find((path) =>
      own.some((each) => each === path || (isWildcard(path) && stemOf(each).startsWith(stemOf(path)))),
    );
  });

  /** Each under which a changed object is served; what comes again was counted before. */
  function urlsOf(batch: Batch): number {
    let count = 0;
    for (const [key, records] of batch.changed) {
      if (!records.every(({ messageId }) => returnedIds.has(messageId))) count += pathsFor(key).length;
    }
    return count;
  }

  function changed(change: ObjectChanged): void {
    const { bucket, key, eventName, at } = change;
    const keys = keysOf.get(bucket) ?? new Set();
    keysOf.set(bucket, keys);
    if (eventName.startsWith('ObjectRemoved')) keys.delete(key);
    else keys.add(key);
    treeVersion += 1;
    if (!begun || bucket !== watched.bucket || !key.startsWith(watched.originPath.slice(1))) return;
    waiting.set(key, at);
    stories.changed(change);
  }

  function processed(batch: Batch): void {
    stories.processed(batch);
    for (const { messageId } of batch.returned) if (returnedIds.size < MOST_RETURNED) returnedIds.add(messageId);
    const back = new Set(batch.returned);
    for (const [key, records] of batch.changed) {
      const since = waiting.get(key);
      if (since === undefined) continue;
      if (records.some((record) => back.has(record))) continue;
      // A later change is another batch's.
      if (since <= batch.at) waiting.delete(key);
    }
    treeVersion += 1;
    // Messages that need no invalidation, such as S3's test event.
    if (batch.changed.size === 0 && batch.returned.length === 0) return;
    const { rows, counts } = draw(scene(), batch);
    done = [{ summary: summaryOf(batch, counts), rows }, ...done].slice(0, MOST_BATCHES);
  }

  const scene = () => ({
    originPath: watched.originPath,
    indexDocument: watched.indexDocument,
    keys: keysOf.get(watched.bucket) ?? [],
    waiting: new Set(waiting.keys()),
  });

  function leaseOf({ requestId, paths }: Batch): Pick<BatchSummary, 'lease'> {
    if (!lease || lease.expires <= now()) return {};
    if (lease.holder.startsWith(requestId)) return { lease: 'own' };
    // What has had its turn waits no more.
    return paths.length === 0 ? { lease: 'other' } : {};
  }

  function take(event: LocalEvent): void {
    switch (event.kind) {
      case 'changed':
        changed(event);
        return;
      case 'loaded': {
        const keys = keysOf.get(event.bucket) ?? new Set();
        keysOf.set(event.bucket, keys);
        for (const key of event.keys) keys.add(key);
        treeVersion += 1;
        return;
      }
      case 'invoked': {
        const batch = batches.invoked(event.records, event.at, event.requestId);
        urls += urlsOf(batch);
        stories.invoked(batch);
        return;
      }
      case 'invalidation':
        batches.invalidated(event.invalidation);
        invalidations = [event.invalidation, ...invalidations].slice(0, MOST_REMEMBERED);
        paths += event.invalidation.paths.length;
        return;
      case 'log':
        batches.logged(event.line);
        stories.logged(event.line, (id) => invalidations.find((each) => each.id === id));
        return;
      case 'processed': {
        const batch = batches.processed(event.records, event.returned, event.failure, event.at);
        if (batch) processed(batch);
        return;
      }
      case 'broken':
        broken = event.why;
    }
  }

  return {
    begin(given) {
      watched = given;
      batches = createBatches(given.bucket);
      begun = true;
      onNews();
    },
    event(event) {
      take(event);
      onNews();
    },
    get inProgress() {
      return batches.open.length;
    },
    lease(read) {
      if (read?.holder === lease?.holder && read?.expires === lease?.expires) return;
      lease = read;
      onNews();
    },
    stale(expected) {
      history.stale(expected, now());
      stories.stale(expected);
      onNews();
    },
    fresh(expected, after) {
      history.fresh(expected, after, now());
      stories.fresh(expected, after);
      onNews();
    },
    application(seen) {
      application = seen;
      onNews();
    },
    snapshot(queue) {
      const inProgress = invalidations.filter(({ status }) => status === 'InProgress');
      const sent = inProgress.flatMap((each) => each.paths);
      const { edgeUrl, distribution, bucket, folder, maxBatchingWindow = 0 } = watched;
      const { isSample = false, byScript = false, dryRun = false } = watched;
      return {
        edgeUrl,
        distribution,
        bucket,
        ...(folder === undefined ? {} : { folder: legible(folder) }),
        isSample,
        byScript,
        dryRun,
        maxBatchingWindow,
        now: now(),
        began,
        objects: keysOf.get(bucket)?.size ?? 0,
        waiting: waiting.size,
        ...(queue ? { queue } : {}),
        batches: [
          ...batches.open
            .filter(({ changed }) => changed.size > 0)
            .map((batch) => ({ ...summaryOf(batch), ...leaseOf(batch) }))
            .reverse(),
          ...done.map(({ summary }) => summary),
        ],
        invalidations: invalidations.slice(0, Math.max(inProgress.length, MOST_INVALIDATIONS)).map(summarize),
        inProgress: {
          invalidations: inProgress.length,
          paths: sent.length,
          wildcards: sent.filter(isWildcard).length,
        },
        staleCount: history.staleCount,
        freshCount: history.freshCount,
        steps: history.steps,
        pages: history.pages,
        ...(application ? { application } : {}),
        bill: billOf(paths, urls),
        stories: stories.find(''),
        treeVersion,
        ...(broken === undefined ? {} : { broken: legible(broken) }),
      };
    },
    stories: (text) => stories.find(text),
    pathsOf: (id) =>
      invalidations
        .find((each) => each.id === id)
        ?.paths.slice(0, MOST_PATHS)
        .map(legible),
    batchTree(number) {
      const open = batches.open.find((batch) => batch.number === number);
      const rows = open ? draw(scene(), open).rows : done.find(({ summary }) => summary.number === number)?.rows;
      return rows && { version: treeVersion, rows };
    },
    bucketTree() {
      const at = now();
      if (!tree || (tree.version !== treeVersion && at - drawnAt >= REDRAW_INTERVAL)) {
        tree = { version: treeVersion, rows: draw(scene()).rows };
        drawnAt = at;
      }
      return tree;
    },
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Report } from '../cli/report';
import type { LocalEvent, LocalStack } from '../local-stack';
import type { Port } from '../loopback';
import { readLease } from './lease';
import { type QueueDepth, queueDepth } from './queue-depth';
import { createRecord, type Watched } from './record';
import { startPageServer } from './server';

/** The page beside the local run: it hears all that happens, and shows it to whoever opens it. */
export interface Page {
  event(event: LocalEvent): void;
  /** The same report, of which the page hears what is stale, what is fresh and what the application keeps. */
  listeningTo(report: Report): Report;
  /** @returns its address */
  open(stack: LocalStack, port?: Port, changes?: WhatChanges): Promise<string>;
  close(): Promise<void>;
}

/** What changes the objects: a folder, whose changes are uploaded, or a script; and what then becomes of them. */
export type WhatChanges = Pick<Watched, 'folder' | 'isSample' | 'byScript' | 'dryRun'>;

/** Milliseconds between two looks at the queue and at what completes by itself; only while somebody watches. */
const INTERVAL = 1_000;

/** Milliseconds between two looks at who holds the lease; only while a batch is in progress, too. */
const LEASE_INTERVAL = 250;

export function createPage(): Page {
  let tell = () => {};
  let close = async () => {};
  const record = createRecord(Date.now, () => tell());
  return {
    event: record.event,
    listeningTo: (report) => ({
      ...report,
      stale(expected) {
        report.stale(expected);
        record.stale(expected);
      },
      fresh(expected, after) {
        report.fresh(expected, after);
        record.fresh(expected, after);
      },
      application(seen) {
        report.application(seen);
        record.application(seen);
      },
    }),
    async open({ site, edge, indexDocument, ledger, sqs, queue, deadLetterQueue, maxBatchingWindow }, port, changes) {
      const { id: distribution, bucket, originPath } = site;
      let depth: QueueDepth | undefined;
      let watching = new AbortController();

      async function look(signal: AbortSignal): Promise<void> {
        while (!signal.aborted) {
          depth = await queueDepth(sqs, queue, deadLetterQueue).catch(() => depth);
          tell();
          await delay(INTERVAL, undefined, { signal }).catch(() => {});
        }
      }

      async function lookAtLease(signal: AbortSignal): Promise<void> {
        while (!signal.aborted) {
          record.lease(record.inProgress > 0 ? await readLease(ledger, distribution) : undefined);
          await delay(LEASE_INTERVAL, undefined, { signal }).catch(() => {});
        }
      }

      record.begin({
        edgeUrl: edge.url,
        distribution,
        bucket,
        originPath,
        indexDocument,
        maxBatchingWindow,
        ...changes,
      });
      const server = await startPageServer(
        {
          snapshot: () => record.snapshot(depth),
          tree: (of) => (of === 'bucket' ? record.bucketTree() : record.batchTree(of)),
          stories: record.stories,
          pathsOf: record.pathsOf,
          onWatched(watched) {
            watching.abort();
            watching = new AbortController();
            if (!watched) return;
            void look(watching.signal);
            if (ledger) void lookAtLease(watching.signal);
          },
        },
        port,
      );
      tell = server.tell;
      close = () => {
        watching.abort();
        return server.close();
      };
      return server.url;
    },
    close: () => close(),
  };
}

import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { reasonOf } from '../../cli/reason';
import type { LocalStack } from '../local-stack';
import { progressOf } from './progress';
import { count, type Report, seconds } from './report';
import type { SiteFile } from './site-folder';
import { upload } from './upload';
import { FEW } from './upload-folder';

/** Objects that are sent at the same time. */
const CONCURRENCY = 10;

/** What changes are said with. */
export type ChangeReport = Pick<Report, 'say' | 'warn'> & Partial<Pick<Report, 'progress'>>;

/** Sends what has changed in a folder to the bucket. */
export interface ChangeSender {
  /** What the bucket has, or is being sent, by key. */
  readonly sent: ReadonlyMap<string, SiteFile>;
  /** What is to be sent, a file or its absence, by key. */
  readonly waiting: ReadonlyMap<string, SiteFile | undefined>;
  /** Sends these, when their turn comes. */
  offer(changes: ReadonlyMap<string, SiteFile | undefined>): void;
  /** What was offered is no change any more. */
  withdraw(key: string): void;
  /** Resolves when nothing is on its way any more. */
  close(): Promise<void>;
}

/**
 * @param files what the bucket has already
 * @param signal after it, nothing more is sent, and nothing is said
 */
export function sendChanges(
  { s3, site }: Pick<LocalStack, 's3' | 'site'>,
  files: readonly SiteFile[],
  report: ChangeReport,
  signal: AbortSignal,
): ChangeSender {
  const sent = new Map(files.map((file) => [file.key, file]));
  const waiting = new Map<string, SiteFile | undefined>();
  const inFlight = new Map<string, Promise<void>>();
  let run: { readonly began: number; readonly tell: (done: number, total: number) => void; done: number } | undefined;

  function sendWaiting(): void {
    const { progress = () => {} } = report;
    if (waiting.size > 0) run ??= { began: Date.now(), tell: progressOf('Uploading', { progress }), done: 0 };
    for (const [key, file] of waiting) {
      if (inFlight.size >= CONCURRENCY || signal.aborted) break;
      // Of two versions the older one might arrive last.
      if (inFlight.has(key)) continue;
      waiting.delete(key);
      inFlight.set(
        key,
        send(key, file).then(() => done(key)),
      );
    }
    if (!run || waiting.size > 0 || inFlight.size > 0) return;
    const { done: number, began } = run;
    run = undefined;
    if (number > FEW) report.say(`Sent ${count(number, 'changed object')} in ${seconds(Date.now() - began)}.`);
  }

  function done(key: string): void {
    inFlight.delete(key);
    if (run) run.done += 1;
    run?.tell(run.done, run.done + waiting.size + inFlight.size);
    sendWaiting();
  }

  async function send(key: string, file: SiteFile | undefined): Promise<void> {
    if (file) sent.set(key, file);
    else sent.delete(key);
    try {
      if (file) await upload(s3, site.bucket, file);
      else await s3.send(new DeleteObjectCommand({ Bucket: site.bucket, Key: key }));
    } catch (error) {
      if (!signal.aborted) report.warn(`Left out: ${file?.path ?? key}: ${reasonOf(error)}.`);
    }
  }

  return {
    sent,
    waiting,
    offer(changes) {
      for (const [key, file] of changes) waiting.set(key, file);
      sendWaiting();
    },
    withdraw: (key) => void waiting.delete(key),
    async close() {
      await Promise.all(inFlight.values());
    },
  };
}

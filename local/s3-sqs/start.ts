import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Port, preferred, THIS_MACHINE } from '../loopback';
import { STRIP_TYPES } from '../strip-types';
import type { FileToLoad, Loaded } from './load.mts';

/** S3 and SQS of this machine, for any client of them. */
export interface LocalS3AndSqs {
  readonly url: string;
  readonly pid: number | undefined;
  /** Settles with why, should it end by itself. */
  readonly ended: Promise<string>;
  /**
   * Puts files into a bucket in one go: no change is told of, neither here nor to a queue.
   *
   * @param onProgress called with how many of them have been put
   */
  load(bucket: string, files: readonly FileToLoad[], onProgress?: (loaded: number) => void): Promise<Loaded>;
  close(): Promise<void>;
}

/** A change of an object, by whichever client. */
export interface ObjectChanged {
  readonly kind: 'changed';
  readonly bucket: string;
  readonly key: string;
  /** As in S3's notifications: `ObjectCreated:Put`. */
  readonly eventName: string;
  /** Bytes; none for an object that is gone. */
  readonly size?: number;
  /** Quoteless; none for an object that is gone. */
  readonly eTag?: string;
  /** Milliseconds. */
  readonly at: number;
  /** Whether S3 tells EventBridge, too. */
  readonly eventBridge: boolean;
}

type Message =
  | ObjectChanged
  | { readonly kind: 'loading'; readonly id: number; readonly loaded: number }
  | ({ readonly kind: 'loaded'; readonly id: number } & Loaded)
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly code: string };

/**
 * Starts S3 and SQS on loopback, in a child process that ends with this one.
 *
 * @throws an Error that says why, when the port cannot be had
 */
export async function startS3AndSqs(
  port: Port,
  onChange: (change: ObjectChanged) => void = () => {},
): Promise<LocalS3AndSqs> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = fork(join(__dirname, 'server.mts'), [String(preferred(port)), THIS_MACHINE.source], {
    execArgv: STRIP_TYPES,
    env,
  });
  const [answer] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => [{ kind: 'failed', code: `exit code ${code}` }]),
  ])) as [Message];
  if (answer.kind !== 'listening') {
    const code = answer.kind === 'failed' ? answer.code : answer.kind;
    if (typeof port !== 'number' && (code === 'EADDRINUSE' || code === 'EACCES')) return startS3AndSqs(0, onChange);
    throw new Error(
      `The local S3 and SQS cannot listen on port ${preferred(port)}: ${code === 'EADDRINUSE' ? 'it is in use' : code}.`,
    );
  }
  const loads = new Map<number, { onProgress(loaded: number): void; onLoaded(loaded: Loaded): void }>();
  let lastLoad = 0;
  child.on('message', (message: Message) => {
    if (message.kind === 'changed') onChange(message);
    if (message.kind === 'loading') loads.get(message.id)?.onProgress(message.loaded);
    if (message.kind === 'loaded') loads.get(message.id)?.onLoaded(message);
  });
  let closing = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      if (!closing) resolve(`The local S3 and SQS have ended by themselves: ${signal ?? `exit code ${code}`}.`);
    });
  });
  return {
    url: answer.url,
    pid: child.pid,
    ended,
    load(bucket, files, onProgress = () => {}) {
      lastLoad += 1;
      const id = lastLoad;
      return new Promise((resolve, reject) => {
        loads.set(id, { onProgress, onLoaded: ({ failed }) => resolve({ failed }) });
        void ended.then((why) => reject(new Error(why)));
        child.send({ id, bucket, files });
      });
    },
    async close() {
      closing = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

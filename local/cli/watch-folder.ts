import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { LocalStack } from '../local-stack';
import type { Report } from './report';
import { isHidden, keyOf, reasonOf } from './site-folder';
import { upload } from './upload';

/**
 * Watches a folder: a file that changes is uploaded, one that goes is deleted.
 *
 * @returns once every later change is seen: a function that ends it
 */
export async function watchFolder(stack: LocalStack, folder: string, report: Report): Promise<() => Promise<void>> {
  // An ES module, and this is none.
  const { watch } = await import('chokidar');
  const told = new Set<string>();
  const underWay = new Map<string, Promise<void>>();

  /** One after the other for each key, so that the last change is the last to arrive. */
  function inOrder(path: string, send: (key: string) => Promise<unknown>): void {
    const key = keyOf(folder, path);
    const sent = (underWay.get(key) ?? Promise.resolve())
      .then(() => send(key))
      .then(
        () => {},
        (error) => report.warn(`Left out: ${path}: ${reasonOf(error)}.`),
      )
      .finally(() => {
        if (underWay.get(key) === sent) underWay.delete(key);
      });
    underWay.set(key, sent);
  }

  const put = (path: string) => inOrder(path, (key) => upload(stack.s3, stack.site.bucket, { key, path, size: 0 }));
  const watcher = watch(folder, {
    ignored: (path) => isHidden(folder, path),
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: 100, pollInterval: 25 },
  })
    .on('add', put)
    .on('change', put)
    .on('unlink', (path) =>
      inOrder(path, (key) => stack.s3.send(new DeleteObjectCommand({ Bucket: stack.site.bucket, Key: key }))),
    )
    .on('error', (error) => {
      const reason = `Not all of ${folder} is watched: ${reasonOf(error)}.`;
      if (!told.has(reason)) report.warn(reason);
      told.add(reason);
    });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return () => watcher.close();
}

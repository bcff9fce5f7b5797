import type { Invalidation } from '../../local/cloudfront/control-plane';
import type { LocalRecord } from '../../local/page/record';
import { message, s3Body } from '../lambda/messages';

export const WATCHED = {
  edgeUrl: 'http://127.0.0.1:1',
  distribution: 'E1SITE',
  bucket: 'site',
  originPath: '',
  indexDocument: 'index.html',
};

/** What the local stack tells when an object is put. */
export function put(record: LocalRecord, key: string, at = 0): void {
  const change = {
    bucket: 'site',
    key,
    eventName: 'ObjectCreated:Put',
    size: 1,
    eTag: 'e',
    eventBridge: false,
  } as const;
  record.event({ kind: 'changed', ...change, at });
}

/** How many messages a batch has at most. */
const BATCH_SIZE = 10_000;

let batches = 0;

/** What it tells of a deploy: the objects, and batch by batch their messages and one invalidation. */
export function deploy(record: LocalRecord, keys: readonly string[], paths: readonly string[], at = 0): void {
  for (const key of keys) put(record, key, at);
  for (let from = 0; from < keys.length; from += BATCH_SIZE) {
    const batch = invoke(record, keys.slice(from, from + BATCH_SIZE), at);
    if (paths.length > 0) batch.invalidate(paths);
    batch.finish();
  }
}

/** A batch of the messages of these objects. */
export function invoke(
  record: LocalRecord,
  keys: readonly string[],
  at = 0,
  again?: { messageIds: readonly string[] },
) {
  batches += 1;
  const prefix = `b${batches}`;
  const records = keys.map((key, index) => message(again?.messageIds[index] ?? `${prefix}-m${index}`, s3Body(key)));
  const requestId = `request-${batches}`;
  record.event({ kind: 'invoked', records, at, requestId });
  return {
    requestId,
    messageIds: records.map(({ messageId }) => messageId),
    log: (fields: Record<string, unknown>) => record.event({ kind: 'log', line: { text: '', fields } }),
    callerReference: `${prefix}-m0-0123456789abcdef`,
    /** @returns the id of the invalidation */
    invalidate(paths: readonly string[], status: Invalidation['status'] = 'InProgress'): string {
      const callerReference = `${prefix}-m0-0123456789abcdef`;
      const invalidation = {
        id: `I${batches}`,
        distribution: 'E1SITE',
        callerReference,
        paths,
        createTime: at,
        status,
      };
      record.event({ kind: 'invalidation', invalidation });
      return invalidation.id;
    },
    finish(returnedKeys: readonly string[] = []) {
      const returned = records.filter((_, index) => returnedKeys.includes(keys[index] ?? ''));
      const deleted = records.filter((each) => !returned.includes(each));
      record.event({ kind: 'processed', records, deleted, returned, at: at + 400 });
    },
  };
}

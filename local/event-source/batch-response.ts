import type { SQSRecord } from 'aws-lambda';
import type { InvocationResult } from '../execution-environment/execution-environment';

/** What becomes of the messages of a batch. */
export interface BatchOutcome {
  readonly deleted: readonly SQSRecord[];
  /** Stay in the queue, and are seen again when their visibility timeout ends. */
  readonly returned: readonly SQSRecord[];
  /** Why the whole batch is retried. */
  readonly failure?: string;
}

/**
 * Which messages an invocation settles, as Lambda reads its response:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function readBatchResponse(
  result: InvocationResult,
  records: readonly SQSRecord[],
  reportBatchItemFailures: boolean,
): BatchOutcome {
  const all = (failure: string): BatchOutcome => ({ deleted: [], returned: records, failure });
  if (result.kind === 'error') return all(`${result.errorType}: ${result.errorMessage}`);
  if (!reportBatchItemFailures || result.response === null) return { deleted: records, returned: [] };

  if (typeof result.response !== 'object') return all(`not a batch response: ${JSON.stringify(result.response)}`);
  const { batchItemFailures } = result.response as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return { deleted: records, returned: [] };
  if (!Array.isArray(batchItemFailures)) return all('batchItemFailures is not a list');

  const ids = new Set(records.map((record) => record.messageId));
  const failed = new Set<unknown>(batchItemFailures.map((item) => item?.itemIdentifier));
  for (const id of failed) {
    if (typeof id !== 'string' || !ids.has(id)) return all(`not an id of the batch: ${JSON.stringify(id)}`);
  }
  return {
    deleted: records.filter((record) => !failed.has(record.messageId)),
    returned: records.filter((record) => failed.has(record.messageId)),
  };
}

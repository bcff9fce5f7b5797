import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { LEDGER_KEY } from '../../lambda/contract/environment';
import type { LocalStack } from '../local-stack';

/** Who may plan for a distribution. */
export interface Lease {
  /** Begins with the request id of the holder's invocation. */
  readonly holder: string;
  /** Milliseconds. */
  readonly expires: number;
}

/** Reads who holds the lease, as the function has written it; undefined: nobody, or nobody can tell. */
export async function readLease(ledger: LocalStack['ledger'], distribution: string): Promise<Lease | undefined> {
  if (!ledger) return undefined;
  const Key = { [LEDGER_KEY]: { S: distribution } };
  const command = new GetItemCommand({ TableName: ledger.table, Key, ConsistentRead: true });
  // The local DynamoDB may be stopped, or made to fail, to see what the function does.
  const { Item } = await ledger.client
    .send(command, { abortSignal: AbortSignal.timeout(1_000) })
    .catch(() => ({}) as { Item?: undefined });
  const { holder, expires } = Item ?? {};
  return holder?.S === undefined ? undefined : { holder: holder.S, expires: Number(expires?.N) };
}

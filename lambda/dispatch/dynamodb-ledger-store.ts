import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { LEDGER_KEY } from '../contract/environment';
import type { LedgerStore } from './ledger-store';

/** The client of DynamoDB. A call that hangs ends with the signal that it is given. */
export function makeDynamoDBClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true, socketTimeout: 1000 },
  });
}

/**
 * Keeps leases and ledgers in a table: an item for each distribution or tenant, with the attributes `holder`, `expires` (in ms since the
 * epoch) and `ledger`. Needs `dynamodb:UpdateItem` and `dynamodb:GetItem`.
 */
export function dynamoDBLedgerStore(client: DynamoDBClient, table: string): LedgerStore {
  const item = (id: string) => ({ TableName: table, Key: { [LEDGER_KEY]: { S: id } } });
  const isConditionFailed = (error: unknown) => error instanceof ConditionalCheckFailedException;
  return {
    async acquire(id, { holder, expires }, now, abortSignal) {
      const command = new UpdateItemCommand({
        ...item(id),
        UpdateExpression: 'SET holder = :holder, expires = :expires',
        // The holder itself: the SDK tries again when the first answer is lost, and must not wait for the lease that it took.
        ConditionExpression: 'attribute_not_exists(holder) OR holder = :holder OR expires <= :now',
        ExpressionAttributeValues: {
          ':holder': { S: holder },
          ':expires': { N: String(expires) },
          ':now': { N: String(now) },
        },
        ReturnValues: 'ALL_NEW',
      });
      try {
        const { Attributes } = await client.send(command, { abortSignal });
        return { kind: 'acquired', ledger: Attributes?.ledger?.B };
      } catch (error) {
        if (isConditionFailed(error)) return { kind: 'held' };
        throw error;
      }
    },

    async isFree(id, now, abortSignal) {
      const command = new GetItemCommand({
        ...item(id),
        ProjectionExpression: 'expires',
        ConsistentRead: true,
      });
      const { Item } = await client.send(command, { abortSignal });
      return Number(Item?.expires?.N ?? 0) <= now;
    },

    async release(id, holder, ledger, abortSignal) {
      const command = new UpdateItemCommand({
        ...item(id),
        UpdateExpression: 'SET ledger = :ledger REMOVE holder, expires',
        ConditionExpression: 'holder = :holder',
        ExpressionAttributeValues: { ':holder': { S: holder }, ':ledger': { B: ledger } },
      });
      try {
        await client.send(command, { abortSignal });
        return true;
      } catch (error) {
        if (isConditionFailed(error)) return false;
        throw error;
      }
    },
  };
}

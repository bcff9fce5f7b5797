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
 * Keeps leases and ledgers in a table: an item for each distribution, with the attributes `holder`, `expires` (in ms since the
 * epoch) and `ledger`. Needs `dynamodb:UpdateItem` and `dynamodb:GetItem`.
 */
export function dynamoDBLedgerStore(client: DynamoDBClient, table: string): LedgerStore {
  const item = (distribution: string) => ({ TableName: table, Key: { [LEDGER_KEY]: { S: distribution } } });
  const isConditionFailed = (error: unknown) => error instanceof ConditionalCheckFailedException;
  return {
    async acquire(distribution, { holder, expires }, now, abortSignal) {
      const command = new UpdateItemCommand({
        ...item(distribution),
        UpdateExpression: 'SET holder = :holder, expires = :expires',
        // Its own: where an answer is lost, the SDK asks again.
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

    async isFree(distribution, now, abortSignal) {
      const command = new GetItemCommand({
        ...item(distribution),
        ProjectionExpression: 'expires',
        ConsistentRead: true,
      });
      const { Item } = await client.send(command, { abortSignal });
      return Number(Item?.expires?.N ?? 0) <= now;
    },

    async release(distribution, holder, ledger, abortSignal) {
      const command = new UpdateItemCommand({
        ...item(distribution),
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

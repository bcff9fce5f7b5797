import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type GetItemCommand,
  type UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { LEDGER_KEY } from '../../lambda/contract/environment';
import { decodeLedger, encodeLedger } from '../../lambda/dispatch/ledger';
import { factsOf, ledgerOf } from './facts';
import type { LedgerCall } from './ledger-table';
import type { LedgerAnswer } from './state';

type Input = Partial<UpdateItemCommand['input']> & Pick<GetItemCommand['input'], 'ConsistentRead'>;

/** A client in the place of the SDK's. The store that uses it is the function's own. */
export function dynamoDBClient(send: (call: LedgerCall) => Promise<LedgerAnswer>): DynamoDBClient {
  return {
    send: async ({ input }: { readonly input: Input }) => outputOf(await send(callOf(input))),
  } as unknown as DynamoDBClient;
}

function callOf({
  Key,
  UpdateExpression,
  ConditionExpression,
  ExpressionAttributeValues: values = {},
}: Input): LedgerCall {
  const { ':holder': holder, ':ledger': ledger } = values;
  const [, sets = '', removes = ''] = /^SET (.*?)(?: REMOVE (.*))?$/.exec(UpdateExpression ?? '') ?? [];
  return {
    kind: UpdateExpression === undefined ? 'read' : 'update',
    distribution: Key?.[LEDGER_KEY]?.S ?? '',
    condition: ConditionExpression,
    holder: holder?.S,
    ledger: ledger?.B && factsOf(decodeLedger(ledger.B)),
    sets: sets.split(', ').map((assignment) => assignment.split(' = ')[0] as string),
    removes: removes.split(', '),
  };
}

function outputOf(answer: LedgerAnswer) {
  if (answer.kind === 'condition failed')
    throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
  if (answer.kind === 'read') return { Item: { expires: { N: answer.isExpired ? '0' : '1e300' } } };
  return { Attributes: answer.ledger && { ledger: { B: encodeLedger(ledgerOf(answer.ledger)) } } };
}

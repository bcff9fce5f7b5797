import { Match } from 'aws-cdk-lib/assertions';
import { LEDGER_KEY, LEDGER_TABLE } from '../../lambda/contract/environment';
import { only, synthesized } from './templates';

const TABLE = 'AWS::DynamoDB::Table';

const site = synthesized();
const [ledger = ''] = Object.keys(site.findResources(TABLE));

test('the ledger has an item for each distribution, and is billed by request', () => {
  expect(only(site, TABLE)).toEqual({
    AttributeDefinitions: [{ AttributeName: LEDGER_KEY, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: LEDGER_KEY, KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
});

test('the ledger goes with the stack, and when it is replaced', () => {
  site.hasResource(TABLE, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
});

test.each<Record<string, string>>([{}, { dryRun: 'true' }, { inspectBucket: 'false' }])(
  'with %j the function is told its name',
  (context) => {
    synthesized(context).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ [LEDGER_TABLE]: { Ref: ledger } }) },
    });
  },
);

/** The ledger's table, for templates that are written by hand. */
export const LEDGER_TABLE = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'distribution', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'distribution', KeyType: 'HASH' }],
    SSESpecification: { SSEEnabled: true },
  },
};

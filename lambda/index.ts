import { S3Client } from '@aws-sdk/client-s3';
import { listWith } from './bucket/list-objects';
import { makeCloudFrontClient } from './cloudfront/client';
import { makeFollower } from './completion/follow';
import { putEventsOn } from './completion/put-event';
import { sendLaterTo } from './completion/send-later';
import { readConfiguration } from './configuration';
import { targetsOf } from './contract/target';
import { systemClock } from './dispatch/clock';
import { makeDistributionReader } from './dispatch/distribution-reader';
import { dynamoDBLedgerStore, makeDynamoDBClient } from './dispatch/dynamodb-ledger-store';
import { makeSingleWriter } from './dispatch/single-writer';
import { makeHandler } from './handler';
import { JsonLogger } from './telemetry/json-logger';
import { publishWithEmf } from './telemetry/metrics';

const configuration = readConfiguration(process.env);
const { ledgerTable, readDistribution, origins, events } = configuration;
const cloudFront = makeCloudFrontClient();
const ledgerStore = ledgerTable ? dynamoDBLedgerStore(makeDynamoDBClient(), ledgerTable) : undefined;

export const handler = makeHandler({
  configuration,
  cloudFront,
  reader: readDistribution ? makeDistributionReader(cloudFront, origins, systemClock) : undefined,
  follower:
    events &&
    makeFollower({
      targets: targetsOf(origins),
      cloudFront,
      putEvent: putEventsOn(events.bus),
      sendLater: sendLaterTo(events.queueUrl),
      clock: systemClock,
    }),
  listObjects: listWith(new S3Client({ maxAttempts: 2 })),
  writer: makeSingleWriter(ledgerStore, systemClock),
  logger: new JsonLogger({ serviceName: 'cloudfront-invalidator' }),
  publishMetrics: publishWithEmf(process.env.AWS_LAMBDA_FUNCTION_NAME ?? ''),
  clock: systemClock,
});

import { S3Client } from '@aws-sdk/client-s3';
import { listWith } from './bucket/list-objects';
import { makeCloudFrontClient } from './cloudfront/client';
import { readConfiguration } from './configuration';
import { systemClock } from './dispatch/clock';
import { makeRecentInvalidations } from './dispatch/recent-invalidations';
import { makeStrain } from './dispatch/strain';
import { makeHandler } from './handler';
import { planWithInventory } from './plan/plan';
import { JsonLogger } from './telemetry/json-logger';
import { publishWithEmf } from './telemetry/metrics';

const configuration = readConfiguration(process.env);
const list = listWith(new S3Client({ maxAttempts: 2 }));

export const handler = makeHandler({
  configuration,
  cloudFront: makeCloudFrontClient(),
  logger: new JsonLogger({ serviceName: 'cloudfront-invalidator' }),
  publishMetrics: publishWithEmf(process.env.AWS_LAMBDA_FUNCTION_NAME ?? ''),
  memory: makeRecentInvalidations(),
  strain: makeStrain(),
  plan: (distribution, changes, options, maxDuration) => {
    const origins = configuration.origins.filter((origin) => origin.distribution === distribution);
    const census = configuration.inspectBucket ? { origins, list, maxDuration } : undefined;
    return planWithInventory(changes, { ...options, census });
  },
  clock: systemClock,
});

import { S3Client } from '@aws-sdk/client-s3';
import { listWith } from './bucket/list-objects';
import { makeCloudFrontClient } from './cloudfront/client';
import { readConfiguration } from './configuration';
import { systemClock } from './dispatch/clock';
import { makeMemory } from './dispatch/recent-invalidations';
import { makeStrain } from './dispatch/strain';
import { makeHandler } from './handler';
import { planWithCensus } from './plan/plan';
import { LineLogger } from './telemetry/json-logger';
import { publishWithEmf } from './telemetry/metrics';

const configuration = readConfiguration(process.env);
const list = listWith(new S3Client({ maxAttempts: 2 }));

export const handler = makeHandler({
  configuration,
  cloudFront: makeCloudFrontClient(),
  logger: new LineLogger({ serviceName: 'cloudfront-invalidator' }),
  publishMetrics: publishWithEmf(process.env.AWS_LAMBDA_FUNCTION_NAME ?? ''),
  memory: makeMemory(),
  strain: makeStrain(),
  plan: (distribution, changes, options, maxDuration) => {
    const origins = configuration.origins.filter((origin) => origin.distribution === distribution);
    const census = configuration.census ? { origins, list, maxDuration } : undefined;
    return planWithCensus(changes, { ...options, census });
  },
  clock: systemClock,
});

import { S3Client } from '@aws-sdk/client-s3';
import { listWith } from './bucket';
import { systemClock } from './clock';
import { makeCloudFrontClient } from './cloudfront';
import { readConfiguration } from './configuration';
import { makeHandler } from './handler';
import { LineLogger } from './line-logger';
import { makeMemory } from './memory';
import { publishWithEmf } from './metrics';
import { planWithCensus } from './planner';
import { makeStrain } from './strain';

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

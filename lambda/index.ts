import { Logger } from '@aws-lambda-powertools/logger';
import { systemClock } from './clock';
import { makeCloudFrontClient } from './cloudfront';
import { readConfiguration } from './configuration';
import { exactPlan } from './exact-plan';
import { makeHandler } from './handler';
import { makeMemory } from './memory';

export const handler = makeHandler({
  configuration: readConfiguration(process.env),
  cloudFront: makeCloudFrontClient(),
  logger: new Logger({ serviceName: 'cloudfront-invalidator' }),
  memory: makeMemory(),
  plan: async (_, changes) => exactPlan(changes),
  clock: systemClock,
});

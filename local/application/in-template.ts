import { CACHING_OPTIMIZED } from '../cloudfront/configuration';
import type { Template } from '../template/intrinsics';
import { APPLICATION_PATTERN } from './server';

/** Of its origin, in the distribution's configuration. */
const ORIGIN_ID = 'Application';

/**
 * A template whose distribution has an application on this machine before all else: a behavior of its own, which is cached, and a
 * custom origin. The distribution's configuration says so to whoever reads it, as it would at AWS.
 *
 * @throws an Error when there is no distribution
 */
export function addApplication(template: Template, port: number): Template {
  const changed = structuredClone(template);
  const distribution = Object.values(changed.Resources).find(({ Type }) => Type === 'AWS::CloudFront::Distribution');
  const config = distribution?.Properties?.DistributionConfig as DistributionConfig | undefined;
  if (!config) throw new Error('The template has no distribution to put an application behind.');
  const origin = {
    Id: ORIGIN_ID,
    DomainName: 'localhost',
    CustomOriginConfig: { HTTPPort: port, OriginProtocolPolicy: 'http-only' },
  };
  const behavior = {
    PathPattern: APPLICATION_PATTERN,
    TargetOriginId: ORIGIN_ID,
    CachePolicyId: CACHING_OPTIMIZED,
    ViewerProtocolPolicy: 'redirect-to-https',
  };
  config.Origins = [...(config.Origins ?? []), origin];
  config.CacheBehaviors = [behavior, ...(config.CacheBehaviors ?? [])];
  return changed;
}

interface DistributionConfig {
  Origins?: unknown[];
  CacheBehaviors?: unknown[];
}

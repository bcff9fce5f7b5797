import { CACHING_OPTIMIZED } from '../cloudfront/configuration';
import type { Template } from '../template/intrinsics';
import { RENDITIONS_PATTERN } from './renditions';
import { APPLICATION_PATTERN } from './server';

/**
 * A template whose distribution has an application on this machine before all else: a behavior of its own, which is cached, and a
 * custom origin. The distribution's configuration says so to whoever reads it, as it would at AWS.
 *
 * @throws an Error when there is no distribution
 */
export function addApplication(template: Template, port: number): Template {
  return addServer(template, { id: 'Application', pattern: APPLICATION_PATTERN, port });
}

/** The same with the server that makes renditions of the bucket's images. */
export function addRenditions(template: Template, port: number): Template {
  return addServer(template, { id: 'Renditions', pattern: RENDITIONS_PATTERN, port });
}

interface Server {
  /** Of its origin, in the distribution's configuration. */
  readonly id: string;
  readonly pattern: string;
  readonly port: number;
}

function addServer(template: Template, { id, pattern, port }: Server): Template {
  const changed = structuredClone(template);
  const distribution = Object.values(changed.Resources).find(({ Type }) => Type === 'AWS::CloudFront::Distribution');
  const config = distribution?.Properties?.DistributionConfig as DistributionConfig | undefined;
  if (!config) throw new Error('The template has no distribution to put an application behind.');
  const origin = {
    Id: id,
    DomainName: 'localhost',
    CustomOriginConfig: { HTTPPort: port, OriginProtocolPolicy: 'http-only' },
  };
  const { ResponseHeadersPolicyId } = config.DefaultCacheBehavior ?? {};
  const behavior = {
    PathPattern: pattern,
    TargetOriginId: id,
    CachePolicyId: CACHING_OPTIMIZED,
    ...(ResponseHeadersPolicyId !== undefined && { ResponseHeadersPolicyId }),
    ViewerProtocolPolicy: 'redirect-to-https',
  };
  config.Origins = [...(config.Origins ?? []), origin];
  config.CacheBehaviors = [behavior, ...(config.CacheBehaviors ?? [])];
  return changed;
}

interface DistributionConfig {
  readonly DefaultCacheBehavior?: { readonly ResponseHeadersPolicyId?: unknown };
  Origins?: unknown[];
  CacheBehaviors?: unknown[];
}

import { asBucket } from '../distribution/bucket-domain';
import type { Distribution, OriginServer } from '../distribution/distribution';
import { matchesPattern } from '../distribution/path-pattern';
import type { ConfiguredOrigin } from './configured-origin';

/**
 * What a distribution writes in an origin path, or in an origin's domain, for a value that each of its tenants has.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/tenant-customization.html
 */
const PARAMETER = /\{\{[^{}]*\}\}/g;

/** Whether a text is one for each tenant. */
export function hasParameters(text: string): boolean {
  return text.search(PARAMETER) >= 0;
}

/**
 * A distribution as a tenant has it: where an origin path with parameters may be one that the tenant's origins state for their bucket,
 * it is that. What none of them states stays as it is.
 *
 * @param origins of the tenant
 */
export function withStatedPaths(
  distribution: Distribution,
  origins: readonly Pick<ConfiguredOrigin, 'bucket' | 'path'>[],
): Distribution {
  const behaviors = distribution.behaviors.map((behavior) => ({
    ...behavior,
    origins: behavior.origins.flatMap((server) => statedServers(server, origins)),
  }));
  return { ...distribution, behaviors };
}

function statedServers(
  server: OriginServer,
  origins: readonly Pick<ConfiguredOrigin, 'bucket' | 'path'>[],
): OriginServer[] {
  if (!hasParameters(server.path)) return [server];
  const paths = origins.flatMap(({ bucket, path }) => {
    const template = asBucket(server, bucket)?.path;
    if (path === undefined || template === undefined || !mayBe(template, path)) return [];
    return [server.path.slice(0, server.path.length - template.length) + path];
  });
  return paths.length === 0 ? [server] : Array.from(new Set(paths), (path) => ({ ...server, path }));
}

/** A parameter stands for one character or more. */
function mayBe(template: string, path: string): boolean {
  return hasParameters(template) && matchesPattern(path, template.replaceAll(PARAMETER, '?*'));
}

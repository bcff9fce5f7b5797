import { type ApiError, originPathUnknown, tenantOnly } from '../cloudfront/api-error';
import type { Target } from '../contract/target';
import type { Distribution } from '../distribution/distribution';
import type { ConfiguredOrigin } from '../paths/configured-origin';
import { originPathsOf } from '../paths/served-origins';
import { hasParameters, withStatedPaths } from '../paths/tenant-parameters';

/**
 * Why what a distribution says lets nothing of a target be invalidated, whatever changes; undefined: it does not.
 *
 * @param own the origins of the target
 */
export function misconfiguration(
  target: Target,
  own: readonly ConfiguredOrigin[],
  read: Distribution,
): ApiError | undefined {
  if (!read.isTenantOnly) return undefined;
  if (target.tenant === undefined) return tenantOnly(target.distribution);
  const asTenant = withStatedPaths(read, own);
  const paths = own.filter(({ path }) => path === undefined).flatMap((origin) => originPathsOf(asTenant, origin));
  const unknown = [...new Set(paths.filter(hasParameters))];
  return unknown.length > 0 ? originPathUnknown(target, unknown) : undefined;
}

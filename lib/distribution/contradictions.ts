import type { CheckedOptions } from '../options/options';
import { error, type Finding, listed, warning } from '../synthesis/finding';
import { pathOf, type Rendering } from '../synthesis/rendering';
import { indexDocumentContradictions } from './index-document';
import { isBucket, type KnownBucket, knownBucket, literalOf } from './is-bucket';
import { queryStringsContradictions } from './query-strings';
import { mayRewrite, maySwitchOrigin } from './request-function';
import type { ServedBucket, StatedOrigin } from './served-bucket';
import { readDistribution, resourceOf, type SynthesizedDistribution } from './synthesized-distribution';

/**
 * Where the options contradict what the distributions of the app say. What is known at deployment only is left alone, and so are
 * imported distributions.
 */
export function contradictionsIn(
  { origins, indexDocument, readDistribution: isRead }: CheckedOptions,
  rendering: Rendering,
): Finding[] {
  return origins.flatMap((origin) => {
    const resource = resourceOf(origin.distribution, rendering);
    const distribution = resource && readDistribution(resource, rendering);
    return distribution ? contradictionsOf({ ...origin, indexDocument, isRead }, distribution, rendering) : [];
  });
}

/** Of an origin, as far as that is certain at synthesis. */
function contradictionsOf(
  stated: StatedOrigin,
  distribution: SynthesizedDistribution,
  rendering: Rendering,
): Finding[] {
  if (distribution.isTenantOnly && !stated.tenant) return withoutTenant(stated, distribution);
  const bucket = knownBucket(stated.bucket, rendering);
  const answers = distribution.origins.map(({ domain }) => isBucket(domain, bucket, rendering));
  const origins = distribution.origins.filter((_, index) => answers[index]);
  const areAllOrigins = !answers.includes(undefined);
  if (origins.length === 0) return areAllOrigins ? withoutOrigin(stated, distribution, bucket, rendering) : [];
  const served: ServedBucket = {
    distribution: distribution.path,
    rootObject: distribution.rootObject,
    hasErrorPages: distribution.hasErrorPages,
    origins,
    areAllOrigins,
    behaviors: distribution.behaviors.filter(({ targetId }) => origins.some(({ ids }) => ids.includes(targetId))),
  };
  return [
    ...originPathContradictions(stated, served),
    ...queryStringsContradictions(stated, served),
    ...indexDocumentContradictions(stated, served),
  ];
}

/** CloudFront takes no invalidation of such a distribution itself. */
function withoutTenant({ option, tenant }: StatedOrigin, { path }: SynthesizedDistribution): Finding[] {
  const rule = `must be the id of a tenant of the distribution ${path}, which serves viewers by its tenants only`;
  return [error(`${option}.tenant`, rule, tenant)];
}

/** Whoever states aliases knows of something else that serves the bucket's objects, such as an image server. */
function withoutOrigin(
  { option, aliases, bucket: { node } }: StatedOrigin,
  { path, origins, behaviors }: SynthesizedDistribution,
  { name }: KnownBucket,
  rendering: Rendering,
): Finding[] {
  if (aliases?.length || behaviors.some(({ functions }) => functions.some(maySwitchOrigin))) return [];
  const domains = origins.map(
    ({ domain }) =>
      literalOf(domain) ?? listed(rendering.targetsIn(domain).flatMap((each) => (each ? pathOf(each) : []))),
  );
  const rule = `must be an origin of the distribution ${path}, whose origins are ${listed(domains)}; if one of them serves the bucket's objects, state aliases`;
  return [error(`${option}.bucket`, rule, typeof name === 'object' ? name.literal : node.path)];
}

function originPathContradictions(
  { option, originPath, isRead }: StatedOrigin,
  { distribution, origins, areAllOrigins, behaviors }: ServedBucket,
): Finding[] {
  const stated = originPath ?? (isRead ? undefined : '');
  const paths = origins.map(({ path }) => path);
  if (stated === undefined || !areAllOrigins || paths.includes(undefined) || paths.includes(stated)) return [];
  const said = listed(paths.map((path) => (path ? `"${path}"` : '"" (none)')));
  const rule = `must be ${said}, which is what the distribution ${distribution} says for this bucket${isRead ? ', or left out' : ''}`;
  const found = error(`${option}.originPath`, rule, originPath);
  if (!behaviors.some(({ functions }) => functions.some(mayRewrite))) return [found];
  const message = `${found.message}. A function of the distribution may add it; if it does not, pages stay stale.`;
  return [warning(found.option, message)];
}

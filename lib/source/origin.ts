import type { Construct } from 'constructs';
import type { Origin } from '../../lambda/contract/environment';
import { checkAliases, checkEvents, checkGlobs, checkOriginPath, checkPrefix } from '../options/origin';
import { checkTenant, checkTrueOrFalse } from '../options/rules';
import type { InvalidatorOrigin } from '../props';
import type { ChangeSource } from './change-source';
import { inOurStack } from './ownership';
import { checkPlacement } from './placement';

/** What the function is told: nothing of what is left out, so that it is as the distribution says. */
export function toOrigin(
  { bucket, distribution, tenant, originPath, prefix = '', exclude, queryStrings, aliases }: InvalidatorOrigin,
  index: number,
): Origin {
  const option = `origins[${index}]`;
  const path = isStated(originPath) ? checkOriginPath(originPath, `${option}.originPath`) : undefined;
  return {
    bucket: bucket.bucketName,
    distribution: distribution.distributionId,
    tenant: isStated(tenant) ? checkTenant(tenant, `${option}.tenant`) : undefined,
    path,
    prefix: prefix === '' ? undefined : checkPrefix(prefix, path ?? '', `${option}.prefix`),
    exclude: exclude && checkGlobs(exclude, `${option}.exclude`),
    queryStrings: isStated(queryStrings) ? checkTrueOrFalse(queryStrings, `${option}.queryStrings`) : undefined,
    aliases: aliases && checkAliases(aliases, `${option}.aliases`),
  };
}

/** What the queue is told from. */
export function toSource(scope: Construct, origin: InvalidatorOrigin, index: number): ChangeSource {
  const option = `origins[${index}]`;
  const { bucket, distribution, originPath, prefix = '', events: asked = 'notifications' } = origin;
  const events = checkEvents(asked, `${option}.events`);
  checkPlacement(scope, { bucket, distribution, events }, option);
  return { bucket: inOurStack(scope, bucket), events, prefix: checkPrefix(prefix, originPath ?? '') };
}

/** In JavaScript, null is as good as leaving an option out. */
function isStated<T>(value: T | undefined | null): value is T {
  return value !== undefined && value !== null;
}

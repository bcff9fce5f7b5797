import type { Construct } from 'constructs';
import type { Origin } from '../../lambda/contract/environment';
import type { CheckedOrigin } from '../options/origin';
import { inOurStack } from '../ownership';
import type { ChangeSource } from './change-source';
import { checkPlacement } from './placement';

/** What the function is told: nothing of what is left out, so that it is as the distribution says. */
export function toOrigin(origin: CheckedOrigin): Origin {
  const { bucket, distribution, originPath: path, prefix, exclude, queryStrings, aliases } = origin;
  const names = { bucket: bucket.bucketName, distribution: distribution.distributionId };
  return { ...names, path, prefix, exclude, queryStrings, aliases };
}

/** What the queue is told from. */
export function toSource(scope: Construct, origin: CheckedOrigin): ChangeSource {
  const { bucket, option, events, watched: prefix } = origin;
  checkPlacement(scope, origin);
  return { bucket: inOurStack(scope, bucket), option, events, prefix };
}

import { isQuotaFull } from '../cloudfront/api-error';
import type { Outcome } from '../cloudfront/create-invalidation';
import {
  bisect,
  isUsual,
  type PathGroup,
  splitByQuota,
  splitByRate,
  splitNewFromRetried,
  splitTags,
  splitUsual,
  withoutUnusual,
} from './path-group';

/** Path groups that are sent in one request, after a pause in ms. */
export interface PendingRequest {
  readonly groups: readonly PathGroup[];
  readonly pause: number;
}

/** What follows from CloudFront's answer to a request. */
export type NextStep =
  | { readonly kind: 'done' }
  /** It is sent again in other requests: smaller ones, or wider ones, before or after what else there is to send. */
  | { readonly kind: 'divide'; readonly requests: readonly PendingRequest[]; readonly when: 'next' | 'last' }
  /** It is sent again as it is. */
  | { readonly kind: 'retry' }
  /** What it is for is planned again. */
  | { readonly kind: 'plan again' }
  /** It can never pass. */
  | { readonly kind: 'reject' };

/** Between requests that each take all of what passes in a second, in ms. */
const SECOND = 1000;

/**
 * A request that CloudFront calls invalid is divided until what it rejects stands alone, and new messages do not wait for retried
 * ones, nor usual paths for unusual ones. Unusual ones that are rejected alone are covered by wildcards without what is unusual. A
 * request that exceeds the quota is divided into what passes in a second, and these into wildcards and other paths, which have quotas
 * of their own; what does not pass even so is planned again. After any other error nobody knows whether the request was carried out:
 * it is retried as it was, which is free.
 */
export function nextStep(groups: readonly PathGroup[], outcome: Outcome): NextStep {
  if (outcome.kind === 'accepted') return { kind: 'done' };
  if (outcome.kind === 'invalid') {
    const apart = [splitNewFromRetried(groups), splitTags(groups), splitUsual(groups)].find((each) => each.length > 1);
    if (apart) return divided(apart, 'last');
    // The wildcard in place of an unusual path may cover others that are unusual.
    const wider = groups.length === 1 ? withoutUnusual(groups) : undefined;
    if (wider) return divided([wider], 'next');
    const halves = bisect(groups);
    return halves.length > 1 ? divided(halves, groups.some(isUsual) ? 'last' : 'next') : { kind: 'reject' };
  }
  if (!isQuotaFull(outcome)) return { kind: 'retry' };
  const bySecond = splitByRate(groups);
  if (bySecond.length > 1) return divided(bySecond, 'next', SECOND);
  const byQuota = splitByQuota(groups);
  return byQuota.length > 1 ? divided(byQuota, 'next') : { kind: 'plan again' };
}

function divided(requests: readonly (readonly PathGroup[])[], when: 'next' | 'last', pause = 0): NextStep {
  return { kind: 'divide', requests: requests.map((groups, at) => ({ groups, pause: at > 0 ? pause : 0 })), when };
}

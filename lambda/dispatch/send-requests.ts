import { type ApiError, isQuotaFull } from '../cloudfront/api-error';
import type { InvalidationRequest, Outcome } from '../cloudfront/create-invalidation';
import type { ServedChange } from '../event/batch';
import {
  bisect,
  demandOf,
  fitsRequest,
  type PathGroup,
  splitByObject,
  splitByQuota,
  splitByRate,
  splitNewFromRetried,
} from './path-group';

/** What it takes to make requests. */
export interface Requesting {
  /** Makes one call of CreateInvalidation, and tells whoever must know. */
  readonly create: (request: InvalidationRequest, changes: readonly ServedChange[]) => Promise<Outcome>;
  readonly pause: (ms: number) => Promise<void>;
  /**
   * Waits before what was refused is asked for again.
   *
   * @param tries how often it was refused, with nothing accepted in between
   * @returns false: it is not to be asked for again in this invocation
   */
  readonly wait: (refusal: ApiError, tries: number) => Promise<boolean>;
}

/** What became of some parts; what is not mentioned was accepted. */
export interface Requested {
  readonly accepted: boolean;
  /** What may pass later, and why it did not now. */
  readonly left: readonly PathGroup[];
  readonly refusal?: ApiError;
  /** The wildcards were refused for the quota, and no other path was. */
  readonly onlyWildcards: boolean;
  /** What can never pass. */
  readonly invalid: readonly (readonly [PathGroup, ApiError])[];
}

/** Between requests that each take all of what passes in a second, in ms. */
const SECOND = 1000;

/**
 * Asks for all parts at once, as long as CloudFront takes that. A request that it calls invalid is divided until what it
 * refuses stands alone, and what comes for the first time does not wait for what has come back. One that exceeds its quota is divided into what passes in a second, and these, where they are
 * refused, into their wildcards and the other paths, which have quotas of their own. The other paths are once asked for again a
 * second later: two environments may have met in a quota of a second. After any other refusal nobody knows
 * whether the request was carried out: it is made again as it was, which is free, or else ends the matter.
 *
 * @param sparing where paths of one kind are refused, nothing is spent on the other that might be planned better
 */
export async function makeRequests(
  { create, pause, wait }: Requesting,
  distribution: string,
  parts: readonly PathGroup[],
  sparing: boolean,
): Promise<Requested> {
  const requests: { readonly parts: readonly PathGroup[]; readonly pace?: number }[] = [{ parts }];
  const left: PathGroup[] = [];
  const invalid: (readonly [PathGroup, ApiError])[] = [];
  const full = { paths: false, wildcards: false };
  let accepted = false;
  let tries = 0;
  let askedAgain = false;
  let refusal: ApiError | undefined;

  for (let next = requests.shift(); next; next = requests.shift()) {
    // Where no further path passes, wildcards are too few to be spent on little: first, what is left is planned again.
    if (refusal && (!isQuotaFull(refusal) || (full.paths && sparing))) {
      left.push(...next.parts);
      continue;
    }
    if (!fitsRequest(next.parts)) {
      divide(bisect(next.parts));
      continue;
    }
    const demand = demandOf(next.parts);
    const exceeds = (full.paths && demand.paths > 0) || (full.wildcards && demand.wildcards > 0);
    if (next.pace && !exceeds) await pause(next.pace);
    const outcome = exceeds && refusal ? refusal : await request(next.parts);
    if (outcome.kind === 'accepted') {
      accepted = true;
      tries = 0;
      continue;
    }
    if (outcome.kind === 'invalid') {
      const receipts = splitNewFromRetried(next.parts);
      const smaller = receipts.length > 0 ? receipts : bisect(next.parts);
      if (smaller.length === 0) invalid.push(...next.parts.map((part) => [part, outcome] as const));
      divide(smaller);
      continue;
    }
    if (!isQuotaFull(outcome)) {
      tries++;
      if (await wait(outcome, tries)) requests.unshift({ parts: next.parts });
      else {
        refusal = outcome;
        left.push(...next.parts);
      }
      continue;
    }
    const bySecond = exceeds ? [] : splitByRate(next.parts);
    const byKind = splitByQuota(next.parts);
    if (bySecond.length > 1) {
      requests.unshift(...bySecond.map((each, at) => ({ parts: each, pace: at > 0 ? SECOND : 0 })));
    } else if (byKind.length > 1) {
      divide(byKind);
    } else if (sparing && !exceeds && demand.wildcards === 0 && !askedAgain) {
      askedAgain = true;
      requests.unshift({ parts: next.parts, pace: SECOND });
    } else {
      refusal = outcome;
      if (demand.wildcards > 0) full.wildcards = true;
      else full.paths = true;
      const objects = sparing ? [] : splitByObject(next.parts);
      if (objects.length > 0) requests.unshift({ parts: objects });
      else left.push(...next.parts);
    }
  }
  const onlyWildcards = full.wildcards && !full.paths;
  return { accepted, left, onlyWildcards, invalid, ...(left.length > 0 && refusal && { refusal }) };

  /** Asks for some parts apart, before all others. */
  function divide(apart: readonly (readonly PathGroup[])[]): void {
    requests.unshift(...apart.map((parts) => ({ parts })));
  }

  function request(parts: readonly PathGroup[]): Promise<Outcome> {
    const paths = [...new Set(parts.flatMap((part) => part.paths))];
    return create({ distribution, paths, messageIds: messageIdsOf(parts) }, changesOf(parts));
  }
}

/** The changes that some parts are for. */
export function changesOf(parts: readonly PathGroup[]): ServedChange[] {
  return [...new Set(parts.flatMap((part) => part.changes))];
}

/** The messages that told of them. */
export function messageIdsOf(parts: readonly PathGroup[]): string[] {
  return [...new Set(parts.flatMap((part) => part.changes.map((change) => change.messageId)))];
}

import { LONGEST_TAG } from '../contract/quotas';
import { type NotServed, type Served, type ServedOrigin, serve } from '../paths/served-origin';
import type { ReceivedChange, ReceivedRequest, ServedChange } from './batch';

/** Some changes as a distribution serves them. */
export interface ServedChanges {
  /** A change once for each origin that serves it. */
  readonly changes: readonly ServedChange[];
  /** What needs no invalidation of this distribution, and why. */
  readonly notServed: ReadonlyMap<ReceivedChange, string>;
  /** What cannot be invalidated in full, whatever is tried, and why. */
  readonly rejected: ReadonlyMap<ReceivedChange, string>;
}

/** Tells under which paths a distribution serves what changed. */
export function servedChanges(received: readonly ReceivedChange[], origins: readonly ServedOrigin[]): ServedChanges {
  const changes: ServedChange[] = [];
  const notServed = new Map<ReceivedChange, string>();
  const rejected = new Map<ReceivedChange, string>();
  for (const change of received) {
    const reasons: NotServed['kind'][] = [];
    const before = changes.length;
    for (const origin of origins) {
      if (origin.bucket !== change.bucket) continue;
      const served = serve(change.key, origin);
      if (served.kind !== 'served') {
        reasons.push(served.kind);
        continue;
      }
      const long = served.tags.find((tag) => tag.length > LONGEST_TAG);
      if (long !== undefined)
        rejected.set(
          change,
          `a cache tag must have at most ${LONGEST_TAG} characters, but it has ${long.length}: ${long.slice(0, 100)}…`,
        );
      changes.push({ ...change, ...placeOf(origin), ...pathsOf(served), ...aliasesOf(served) });
    }
    if (changes.length === before) notServed.set(change, whyNotServed(change, reasons));
  }
  return { changes, notServed, rejected };
}

function placeOf({ path, viewerFolder }: ServedOrigin) {
  return { originPath: path, ...(viewerFolder !== '' && { viewerFolder }) };
}

/** Its paths, and its cache tags as CloudFront takes them among paths. */
function pathsOf({ paths, tags }: Pick<Extract<Served, { kind: 'served' }>, 'paths' | 'tags'>) {
  const verbatim = tags.filter((tag) => tag.length <= LONGEST_TAG).map((tag) => `#${tag}`);
  return verbatim.length > 0 ? { paths: [...paths, ...verbatim], verbatim } : { paths };
}

/** What requests have invalidated, as though each were an object of its own. */
export function requestedChanges(requests: readonly ReceivedRequest[]): ServedChange[] {
  return requests.map(({ messageId, receiveCount, time, items }) => ({
    ...{ messageId, receiveCount, time },
    bucket: '',
    key: `request ${messageId}`,
    paths: items,
    verbatim: items,
  }));
}

function aliasesOf({ aliases }: Pick<ServedChange, 'aliases'>) {
  return aliases && { aliases };
}

/** The reason that tells most. */
export function whyNotServed({ bucket, key }: ReceivedChange, reasons: readonly NotServed['kind'][]): string {
  const object = `${JSON.stringify(key)} of bucket ${bucket}`;
  if (reasons.includes('excluded')) return `${object} is excluded`;
  if (reasons.includes('unreachable')) return `no behavior leads to ${object}`;
  return reasons.includes('not watched') ? `no prefix covers ${object}` : `no origin serves ${object}`;
}

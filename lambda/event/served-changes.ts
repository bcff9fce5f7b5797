import { type NotServed, type ServedOrigin, serve } from '../paths/served-origin';
import type { ReceivedChange, ServedChange } from './batch';

/** Some changes as a distribution serves them. */
export interface ServedChanges {
  /** A change once for each origin that serves it. */
  readonly changes: readonly ServedChange[];
  /** What needs no invalidation of this distribution, and why. */
  readonly notServed: ReadonlyMap<ReceivedChange, string>;
}

/** Tells under which paths a distribution serves what changed. */
export function servedChanges(received: readonly ReceivedChange[], origins: readonly ServedOrigin[]): ServedChanges {
  const changes: ServedChange[] = [];
  const notServed = new Map<ReceivedChange, string>();
  for (const change of received) {
    const reasons: NotServed['kind'][] = [];
    const before = changes.length;
    for (const origin of origins) {
      if (origin.bucket !== change.bucket) continue;
      const served = serve(change.key, origin);
      if (served.kind !== 'served') reasons.push(served.kind);
      else changes.push({ ...change, ...placeOf(origin), paths: served.paths, ...aliasesOf(served) });
    }
    if (changes.length === before) notServed.set(change, whyNotServed(change, reasons));
  }
  return { changes, notServed };
}

function placeOf({ path, viewerFolder }: ServedOrigin) {
  return { originPath: path, ...(viewerFolder !== '' && { viewerFolder }) };
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

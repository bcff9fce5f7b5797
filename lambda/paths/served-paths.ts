import type { Origin } from '../contract/environment';
import type { ChangedObject } from './changed-object';
import { withQueryStrings } from './query-strings';
import { servedName, viewerPaths } from './viewer-path';

/** An origin, and what its rules make of names. */
export interface ServedOrigin extends Origin {
  readonly path: string;
  /** Whether a name, relative to the origin path, is never to be invalidated. */
  readonly excludes: (name: string) => boolean;
  /** Further viewer paths of a name, ready to be invalidated. */
  readonly aliasesOf: (name: string) => string[];
}

/** What the distributions serve. */
export interface ServedOrigins {
  readonly origins: readonly ServedOrigin[];
  /** Empty: folders have none. */
  readonly indexDocument: string;
}

/** Whether an origin serves a key whose changes invalidate; or why its changes do not. */
export function isInvalidated(key: string, origin: ServedOrigin): 'yes' | 'not served' | 'not watched' | 'excluded' {
  const name = servedName(key, origin.path);
  if (name === undefined) return 'not served';
  if (!key.startsWith(origin.prefix ?? '')) return 'not watched';
  return origin.excludes(name) ? 'excluded' : 'yes';
}

/** Every path under which viewers may have an object of an origin in CloudFront's caches, and which of them are aliases. */
export function servedPaths(
  key: string,
  { path, queryStrings, aliasesOf }: ServedOrigin,
  indexDocument: string,
): Pick<ChangedObject, 'paths' | 'aliases'> {
  const inFull = (paths: string[]) => (queryStrings ? paths.flatMap(withQueryStrings) : paths);
  const paths = inFull(viewerPaths(key, path, indexDocument));
  const aliases = inFull(aliasesOf(servedName(key, path) ?? '')).filter((alias) => !paths.includes(alias));
  return aliases.length === 0 ? { paths } : { paths: [...paths, ...aliases], aliases };
}

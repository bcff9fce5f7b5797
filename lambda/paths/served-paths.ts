import type { ConfiguredOrigin } from '../configuration';
import type { ChangedObject } from './changed-object';
import { withQueryStrings } from './query-strings';
import { viewerPaths } from './viewer-path';

/** Every path under which viewers may have an object of an origin in CloudFront's caches, and which of them are aliases. */
export function servedPaths(
  key: string,
  name: string,
  { path, queryStrings, aliasesOf }: ConfiguredOrigin,
  indexDocument: string,
): Pick<ChangedObject, 'paths' | 'aliases'> {
  const inFull = (paths: string[]) => (queryStrings ? paths.flatMap(withQueryStrings) : paths);
  const paths = inFull(viewerPaths(key, path, indexDocument));
  const aliases = inFull(aliasesOf(name)).filter((alias) => !paths.includes(alias));
  return aliases.length === 0 ? { paths } : { paths: [...paths, ...aliases], aliases };
}

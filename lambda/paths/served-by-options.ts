import { folderOf, USUAL_INDEX_DOCUMENT } from '../contract/environment';
import { haveCommonStart } from '../distribution/path-pattern';
import type { ConfiguredOrigin } from './configured-origin';
import { withQueryStrings } from './query-strings';
import type { ServedOrigin } from './served-origin';
import { viewerPaths } from './viewer-path';

/**
 * An origin as the options say, or as most are: what its distribution says is not known.
 *
 * @param indexDocument empty: folders have none; undefined: the usual one
 */
export function servedByOptions(
  {
    bucket,
    path = '',
    viewerPrefix = '',
    prefix = '',
    queryStrings = false,
    excludes,
    aliasesOf,
    tagsOf = () => [],
  }: ConfiguredOrigin,
  indexDocument = USUAL_INDEX_DOCUMENT,
): ServedOrigin {
  const inFull = (paths: string[]) => (queryStrings ? paths.flatMap(withQueryStrings) : paths);
  const viewerFolder = folderOf(viewerPrefix);
  return {
    bucket,
    path,
    viewerFolder,
    prefix,
    excludes,
    tagsOf,
    pathsOf: (name) =>
      withAliases(inFull(viewerPaths(viewerFolder + name, '', indexDocument)), inFull(aliasesOf(name))),
    reaches: () => true,
    room: viewerFolder,
    mayReach: (prefix) => haveCommonStart(prefix, viewerFolder),
  };
}

/** The paths of an object that follow from its key, and others that do not. */
export function withAliases(paths: readonly string[], others: readonly string[]) {
  const aliases = others.filter((alias) => !paths.includes(alias));
  return aliases.length === 0 ? { paths } : { paths: [...paths, ...aliases], aliases };
}

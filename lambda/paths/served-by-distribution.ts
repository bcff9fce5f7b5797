import { USUAL_INDEX_DOCUMENT } from '../contract/environment';
import type { Behavior, Distribution } from '../distribution/distribution';
import { errorPageWildcards } from '../distribution/error-pages';
import { haveCommonStart, headOf } from '../distribution/path-pattern';
import { behaviorOf, type Route, routesTo, servesUnder } from '../distribution/routes';
import type { ConfiguredOrigin } from './configured-origin';
import { withQueryStrings } from './query-strings';
import { withAliases } from './served-by-options';
import type { ServedOrigin } from './served-origin';
import { encode, folderNames, spelledPaths, spellings } from './viewer-path';

/** Where in a distribution the objects of a bucket are. */
export interface Mount {
  /** The origin path in front of their keys. */
  readonly path: string;
  /** What viewers have in front of their names. */
  readonly viewerFolder: string;
  /** Whether the viewer's folder follows from the functions alone, which may take it away. */
  readonly isAssumed: boolean;
}

/**
 * An origin as its distribution says. An object has a path where a behavior leads to it; a folder has an index document where
 * something can answer its URL: the website of the bucket, or a function.
 *
 * A function may also ask for other objects than the pattern of its behavior says. So behind one nothing is taken for unreachable.
 *
 * @param mount where the distribution has its objects
 * @param indexDocument of folders; empty: they have none; undefined: the root object's name, or the usual one
 * @param buckets all that the distribution's paths are invalidated for
 */
export function servedByDistribution(
  { bucket, prefix = '', queryStrings, excludes, aliasesOf, tagsOf = () => [] }: ConfiguredOrigin,
  { path, viewerFolder, isAssumed }: Mount,
  distribution: Distribution,
  indexDocument: string | undefined,
  buckets: readonly string[],
): ServedOrigin {
  const { rootObject } = distribution;
  const routes = routesTo(distribution, bucket).filter(({ origin }) => origin.path === path);
  const behaviors = behaviorsOf(routes);
  const serving = behaviors.map((behavior) => servesUnder(distribution, behavior));
  const rewriting = behaviorsOf(routes.filter(({ behavior }) => behavior.rewrites));
  /** Whether functions may lead there from any path. */
  const isAnywhere = rewriting.length > 0 || distribution.behaviors.some(({ switchesOrigin }) => switchesOrigin);
  const answersFolders =
    indexDocument !== undefined
      ? behaviors
      : behaviorsOf(routes.filter(({ behavior, origin }) => behavior.rewrites || origin.isWebsite));
  const indexDocuments = indexDocument === undefined ? usualIndexDocuments(rootObject) : [indexDocument];

  const mayLead = new Set(distribution.behaviors.filter((each) => behaviors.includes(each) || each.switchesOrigin));

  /** The behaviors that lead to the object that a viewer requests by its name. Patterns are written in URLs, or as people write keys. */
  function leadingTo(name: string): Behavior[] {
    const raw = `/${name}`;
    const first = behaviorOf(distribution, raw);
    const spelled = spellings(encode(raw));
    // As nearly all names are, of whole buckets.
    if (spelled.length === 1 && spelled[0] === raw) return first && mayLead.has(first) ? [first] : [];
    const leading = new Set([first, ...spelled.map((each) => behaviorOf(distribution, each))]);
    return distribution.behaviors.filter((each) => leading.has(each) && mayLead.has(each));
  }

  function leadingToObject(requested: string): Behavior[] {
    const leading = leadingTo(requested);
    if (!isAssumed) return leading.length > 0 ? leading : rewriting;
    // An object that has a path without the folder is mostly not requested behind it, too.
    return leadingTo(requested.slice(viewerFolder.length)).length > 0 ? [] : leading;
  }

  function inFull(paths: readonly string[], behaviors: readonly Behavior[]): readonly string[] {
    const areInKey = queryStrings ?? behaviors.some((behavior) => behavior.queryStrings);
    return areInKey ? paths.flatMap(withQueryStrings) : paths;
  }

  const pathsBy = (name: string, behaviors: readonly Behavior[]) =>
    behaviors.length > 0 ? inFull(spelledPaths(name), behaviors) : [];

  const start = commonStart(behaviors.map(({ pattern }) => headOf(pattern).slice(1).replace(/%.*$/, '')));
  const isWithin = start.startsWith(viewerFolder) && !isAnywhere;

  return {
    bucket,
    path,
    viewerFolder,
    prefix,
    excludes,
    tagsOf,
    pathsOf(ownName) {
      const name = viewerFolder + ownName;
      const leading = leadingToObject(name);
      if (leading.length === 0 && isAssumed) return { paths: [] };
      const folders = new Set(indexDocuments.flatMap((document) => folderNames(name, document)));
      const paths = [
        ...pathsBy(name, leading),
        ...(name === rootObject ? pathsBy('', [...leadingTo(''), ...leadingTo(name)]) : []),
        ...Array.from(folders).flatMap((folder) =>
          pathsBy(
            folder,
            leadingTo(folder).filter((behavior) => answersFolders.includes(behavior)),
          ),
        ),
      ];
      const aliases = aliasesOf(ownName).flatMap((alias) => {
        const behavior = behaviorOf(distribution, alias);
        return inFull([alias], behavior ? [behavior] : []);
      });
      const copies = paths.length > 0 ? errorPageWildcards(distribution, buckets, name) : [];
      return withAliases([...new Set(paths)], [...new Set([...aliases, ...copies])]);
    },
    room: isWithin ? start : viewerFolder,
    reaches: (requested) => leadingToObject(requested).length > 0,
    mayReach: (prefix) =>
      haveCommonStart(prefix, viewerFolder) &&
      (isAnywhere ||
        serving.some((servesSome) => [encode(`/${prefix}`), `/${prefix}`].some((each) => servesSome(each)))),
  };
}

function commonStart([first = '', ...others]: readonly string[]): string {
  let start = first;
  for (const other of others) while (!other.startsWith(start)) start = start.slice(0, -1);
  return start;
}

function behaviorsOf(routes: readonly Route[]): Behavior[] {
  return [...new Set(routes.map(({ behavior }) => behavior))];
}

function usualIndexDocuments(rootObject: string): string[] {
  const own = rootObject.slice(rootObject.lastIndexOf('/') + 1);
  return [...new Set([own, USUAL_INDEX_DOCUMENT])];
}

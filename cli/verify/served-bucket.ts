import { readConfiguration } from '../../lambda/configuration';
import { type Alias, folderOf, INDEX_DOCUMENT, ORIGINS } from '../../lambda/contract/environment';
import { misconfiguration } from '../../lambda/dispatch/misconfiguration';
import type { Distribution } from '../../lambda/distribution/distribution';
import { routesTo } from '../../lambda/distribution/routes';
import { type ObjectPaths, serve } from '../../lambda/paths/served-origin';
import { originPathsOf, servedDistribution } from '../../lambda/paths/served-origins';
import type { Question } from '../question';

/** A bucket behind a distribution, as the invalidator serves it: by the function's own rules. */
export interface ServedBucket {
  /** What keys begin with that may be served: none of them begins with another one. */
  readonly prefixes: readonly string[];
  /** What there is to invalidate of an object: paths, and cache tags with their `#`. None: it is not served, not watched or excluded. */
  pathsOf(key: string): string[];
}

/** What the construct's options would say of an origin, beside what a {@link Question} does. */
export interface Watched {
  /** How keys begin that are invalidated. */
  readonly prefix?: string | undefined;
  /** Globs of names that are never invalidated. */
  readonly exclude?: readonly string[] | undefined;
  /** Rules to further paths and cache tags. */
  readonly aliases?: readonly Alias[] | undefined;
}

/** @throws an Error that says in a sentence why nothing can be said of the bucket */
export function servedBucket(
  {
    bucket,
    distribution,
    tenant,
    originPath: path,
    viewerPrefix,
    indexDocument,
    queryStrings,
    prefix = '',
    exclude = [],
    aliases = [],
  }: Question & Watched,
  read: Distribution,
): ServedBucket {
  const target = { distribution, tenant };
  const origin = {
    ...{ bucket, ...target, path, viewerPrefix, prefix: prefix || undefined, exclude, queryStrings },
    aliases,
  };
  const configuration = readConfiguration({ [ORIGINS]: JSON.stringify([origin]), [INDEX_DOCUMENT]: indexDocument });
  const error = misconfiguration(target, configuration.origins, read);
  if (error) throw new Error(`${error.message}.`);
  if (path === undefined && originPathsOf(read, { bucket }).length === 0) {
    throw new Error(
      `No origin of distribution ${distribution} is bucket ${bucket}. If another server serves its objects, --origin-path says under ` +
        'which paths.',
    );
  }
  if (read.cacheTagHeader === undefined && aliases.some(({ tags = [] }) => tags.length > 0)) {
    throw new Error(
      `Distribution ${distribution} has no CacheTagConfig: CloudFront accepts the tags of --aliases, and removes nothing by them.`,
    );
  }
  const unread = routesTo(read, bucket).find(({ behavior }) => behavior.queryStrings === undefined);
  if (unread && queryStrings === undefined) {
    throw new Error(
      `The cache policy of behavior ${unread.behavior.pattern} of distribution ${distribution} can't be read: --query-strings says ` +
        'whether query strings are part of its cache key.',
    );
  }
  const { origins } = servedDistribution(configuration, target, read);
  // What an alias is for may be anywhere behind the origin path: a tag may be of an object that no behavior leads to.
  const starts = origins.map(({ path, room, viewerFolder }) =>
    longer(folderOf(path) + (aliases.length > 0 ? '' : room.slice(viewerFolder.length)), prefix),
  );
  const prefixes = [...new Set(starts.filter((start) => start !== undefined))];
  return {
    prefixes: prefixes.filter((each) => !prefixes.some((other) => other !== each && each.startsWith(other))),
    pathsOf(key) {
      const served = origins.map((each) => serve(key, each));
      return [...new Set(served.flatMap((each) => (each.kind === 'served' ? itemsOf(each) : [])))];
    },
  };
}

function itemsOf({ paths, tags }: ObjectPaths & { readonly tags: readonly string[] }): string[] {
  return [...paths, ...tags.map((tag) => `#${tag}`)];
}

/** What begins with both of two prefixes begins with the longer one; undefined: nothing does. */
function longer(a: string, b: string): string | undefined {
  if (a.startsWith(b)) return a;
  return b.startsWith(a) ? b : undefined;
}

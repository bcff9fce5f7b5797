import type { ChangedObject } from './changed-object';
import { servedName } from './viewer-path';

/** The viewer paths of an object. */
export type ObjectPaths = Pick<ChangedObject, 'paths' | 'aliases'>;

/**
 * A bucket behind an origin path, as one distribution serves it. Names are keys without the origin path; viewers request them behind
 * the viewer's folder.
 */
export interface ServedOrigin {
  readonly bucket: string;
  /** Empty, or with a leading and without a trailing slash. */
  readonly path: string;
  /** What viewers have in front of names: empty, or without a leading and with a trailing slash. */
  readonly viewerFolder: string;
  /** How keys begin that are invalidated. Empty: as they do. */
  readonly prefix: string;
  /** Whether a name is never to be invalidated. */
  readonly excludes: (name: string) => boolean;
  /** Cache tags of a name. */
  readonly tagsOf: (name: string) => readonly string[];
  /** Every path under which viewers may have an object in CloudFront's caches. None: no behavior leads to it. */
  readonly pathsOf: (name: string) => ObjectPaths;
  /** Whether a behavior leads to an object that viewers request by a name behind the viewer's folder. */
  readonly reaches: (requested: string) => boolean;
  /** What is requested begins with, if a behavior may lead there. */
  readonly room: string;
  /** Whether a behavior may lead to something requested that begins with a prefix. */
  readonly mayReach: (prefix: string) => boolean;
}

/** A key as an origin serves it, or why its changes need no invalidation there. */
export type Served = { readonly kind: 'served'; readonly tags: readonly string[] } & ObjectPaths;
export type NotServed = { readonly kind: 'outside' | 'not watched' | 'excluded' | 'unreachable' };

/** How an origin serves a key. */
export function serve(key: string, { path, prefix, excludes, pathsOf, tagsOf }: ServedOrigin): Served | NotServed {
  const name = servedName(key, path);
  if (name === undefined) return { kind: 'outside' };
  if (!key.startsWith(prefix)) return { kind: 'not watched' };
  if (excludes(name)) return { kind: 'excluded' };
  const served = pathsOf(name);
  const tags = tagsOf(name);
  return served.paths.length + tags.length > 0 ? { kind: 'served', ...served, tags } : { kind: 'unreachable' };
}

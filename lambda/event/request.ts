import { tagFault } from '../contract/alias-pattern';
import { LONGEST_PATH, MOST_WILDCARDS } from '../contract/quotas';
import { type Target, tenantFault } from '../contract/target';
import { isWildcard } from '../paths/viewer-path';
import { excerpt, isRecord } from './untrusted';

/** What somebody asks for, beside what the buckets tell. */
export interface RequestedInvalidation extends Target {
  /** Paths and, with a `#` in front, cache tags, as CloudFront takes them. Unique, at least one. */
  readonly items: readonly string[];
}

/** Most paths and tags of a request: CloudFront takes 3,000 at a time, and what is sent as it is, is sent at once. */
const MOST_ITEMS = 1000;

/**
 * Reads what stands in the `invalidate` of a message.
 *
 * @returns why it cannot be done, as a rule that it breaks
 */
export function parseInvalidate(value: unknown): RequestedInvalidation | string {
  if (!isRecord(value)) return `invalidate must be an object, but it is ${excerpt(value)}`;
  const { distribution, tenant, paths = [], tags = [], ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `invalidate has distribution, tenant, paths and tags, but no ${excerpt(unknown)}`;
  if (typeof distribution !== 'string' || distribution === '') {
    return `invalidate.distribution must be the id of a distribution, but it is ${excerpt(distribution)}`;
  }
  if (tenant !== undefined && (typeof tenant !== 'string' || tenantFault(tenant) !== undefined)) {
    return `invalidate.tenant ${tenantFault('')}, but it is ${excerpt(tenant)}`;
  }
  if (!Array.isArray(paths)) return `invalidate.paths must be a list of paths, but it is ${excerpt(paths)}`;
  if (!Array.isArray(tags)) return `invalidate.tags must be a list of cache tags, but it is ${excerpt(tags)}`;
  for (const [name, list, faultOf] of [
    ['paths', paths, pathFault],
    ['tags', tags, requestedTagFault],
  ] as const) {
    for (const [at, each] of list.entries()) {
      const fault = typeof each === 'string' ? faultOf(each) : 'must be text';
      if (fault !== undefined) return `invalidate.${name}[${at}] ${fault}, but it is ${excerpt(each)}`;
    }
  }
  const items = [...new Set([...paths.map(encoded), ...tags.map((tag: string) => `#${tag.toLowerCase()}`)])];
  if (items.length === 0) return 'invalidate must name at least one path or tag';
  if (items.length > MOST_ITEMS)
    return `invalidate must name at most ${MOST_ITEMS} paths and tags, but it names ${items.length}`;
  const wildcards = items.filter(isWildcard).length;
  if (wildcards > MOST_WILDCARDS)
    return `invalidate must name at most ${MOST_WILDCARDS} wildcards, but it names ${wildcards}`;
  return { distribution, ...(tenant !== undefined && { tenant }), items };
}

/** What CloudFront would refuse, or accept and do nothing. */
function pathFault(path: string): string | undefined {
  if (!path.startsWith('/')) return 'must begin with a slash, as viewers request it';
  if (!path.isWellFormed()) return 'must be well-formed Unicode';
  if (/%(?![\dA-Fa-f]{2})/.test(path)) return 'must have a "%" only in escapes, such as %20';
  if (/~|%7E/i.test(path)) return 'must have no "~", which CloudFront cannot invalidate; end it with a "*" before';
  if (path.includes('#')) return 'must have no "#", for viewers do not send it; in a name, it is %23';
  if (encoded(path).length > LONGEST_PATH) return `must have at most ${LONGEST_PATH} characters`;
  return undefined;
}

function requestedTagFault(tag: string): string | undefined {
  return tag.startsWith('#') ? 'must have no "#" in front' : tagFault(tag);
}

/** Escapes stay as they are, and so do all characters that CloudFront takes raw. */
function encoded(path: string): string {
  return path.replaceAll(/[^%]+/g, encodeURI);
}

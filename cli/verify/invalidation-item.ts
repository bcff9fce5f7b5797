/** What an item of an invalidation removes from the caches. */
export type Reach =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'wildcard'; readonly stem: string }
  /** A cache tag, without its `#`, in small letters: CloudFront does not tell them from capitals. */
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'nothing' };

/** What CloudFront accepts, and what removes nothing: docs/decisions/paths.md. */
const IN_VAIN = /%7E|%2A/i;

/**
 * What CloudFront makes of an item. It compares paths character by character: `%2B` is not `+`, and `%c3` is not known to be `%C3`.
 * So whatever is not known to remove something removes nothing here: nobody is told in vain that an object is fresh.
 */
export function reachOf(item: string): Reach {
  if (item.startsWith('#')) return { kind: 'tag', tag: item.slice(1).toLowerCase() };
  if (!item.startsWith('/') || IN_VAIN.test(item)) return { kind: 'nothing' };
  return item.endsWith('*') ? { kind: 'wildcard', stem: item.slice(0, -1) } : { kind: 'path', path: item };
}

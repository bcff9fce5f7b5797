import { isWildcard, stemOf } from './viewer-path';

/**
 * Which path of a plan covers a viewer path: the same path, or a wildcard that it, and all that it covers itself, begins with.
 *
 * @param plan paths as CloudFront takes them; `*` is a wildcard at the end only
 */
export function coverage(plan: readonly string[]): (path: string) => string | undefined {
  const exact = new Set(plan);
  const wildcards = plan.filter(isWildcard).map(stemOf);
  return (path) => {
    const stem = stemOf(path);
    const prefix = wildcards.find((each) => stem.startsWith(each));
    if (prefix !== undefined) return `${prefix}*`;
    return exact.has(path) ? path : undefined;
  };
}

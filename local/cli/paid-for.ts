import { count } from './report';

/**
 * What was paid for, next to what it would have been without the invalidator: one path for each URL.
 *
 * @param why there are so many URLs. @default - it is plain
 */
export function paidFor(paths: number, urls: number, why = ''): string {
  const rest = why === '' ? '.' : `: ${why}.`;
  return `Paid for ${count(paths, 'path')}, where one for each URL would have been ${urls.toLocaleString('en')}${rest}`;
}

/** Up to so many URLs are listed; more are counted. */
const A_FEW = 3;

/** Why there are more URLs than pages that were looked at: a URL may be written in ways that no page of the site uses. */
export function whyMore(urls: readonly string[], looked: readonly string[]): string {
  const others = urls.filter((url) => !looked.includes(url));
  if (others.length === 0) return '';
  const listed = others.length > A_FEW ? `${others.length} others` : others.join(' and ');
  const are = others.length === 1 ? 'another way to write one of them' : 'other ways to write them';
  return `the ${count(urls.length - others.length, 'page')}, and ${listed}, ${are}`;
}

import { count } from './report';

/** What was paid for, next to what it would have been without the invalidator: one path for each URL. */
export function paidFor(paths: number, urls: number): string {
  return `Paid for ${count(paths, 'path')}, where one for each URL would have been ${urls.toLocaleString('en')}.`;
}

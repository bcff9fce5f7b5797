import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A stop of the tour, as the page has it. */
export interface Stop {
  /** The id of the panel that it tells of. */
  readonly anchor: string;
  readonly title: string;
  readonly text: string;
}

const PAGE = readFileSync(join(__dirname, '../../local/page/static/index.html'), 'utf8');

/** All stops of the tour, in their order. */
export const TOUR: readonly Stop[] = Array.from(
  PAGE.matchAll(/<li data-at="([\w-]+)">\s*<h2>(.*?)<\/h2>\s*<p>(.*?)<\/p>\s*<\/li>/gs),
  ([, anchor = '', title = '', text = '']) => ({ anchor, title, text: text.replaceAll(/<\/?code>/g, '') }),
);

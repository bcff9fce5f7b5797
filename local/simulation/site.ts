import { listable, lowerBound, prefixEnd } from '../../cli/plan/bucket-in-memory';
import { compareKeys } from '../../lambda/bucket/key-order';
import { seeded } from './random';

const DAY = 24 * 3600 * 1000;

/** What is in the bucket: of 100,000 objects, or 5,000. */
const LAYOUTS = {
  /** Twenty sections of fifty folders of a hundred pages. */
  sections: () => pagesOf(20, 50, 100),
  /** All in one folder, under names that say nothing. */
  flat() {
    const random = seeded(1);
    const name = () => Math.floor(random() * 2 ** 48).toString(16);
    return Array.from({ length: 100_000 }, () => `${name()}.json`);
  },
  /** A folder for each day of 16 years. */
  dates() {
    const folder = (at: number) => new Date(Date.UTC(2010, 0, 1) + (at % 6_000) * DAY).toISOString().slice(0, 10);
    return Array.from({ length: 100_000 }, (_, at) => `${folder(at).replaceAll('-', '/')}/post-${at}.html`);
  },
  /** Ten sections of ten folders of fifty pages. */
  small: () => pagesOf(10, 10, 50),
} as const satisfies Record<string, () => string[]>;

export type Layout = keyof typeof LAYOUTS;

export const LAYOUT_NAMES = Object.keys(LAYOUTS) as Layout[];

/** A bucket that can be listed, and whose objects change. */
export interface Site {
  /** In S3's order. */
  readonly keys: readonly string[];
  /** As ListObjectsV2 answers. */
  readonly list: ReturnType<typeof listable>;
  /** An object changes, at a time in ms since the epoch. */
  change(key: string, time: number): void;
  /** How many objects a viewer path covers, a wildcard or not. */
  covered(path: string): number;
}

export function makeSite(layout: Layout): Site {
  const keys = keysOf(layout);
  const changes = new Float64Array(keys.length);
  return {
    keys,
    list: listable(keys, (_, index) => changes[index]),
    change(key, time) {
      changes[lowerBound(keys, key)] = time;
    },
    covered(path) {
      if (!path.endsWith('*')) return 1;
      const prefix = path.slice(1, -1);
      const from = lowerBound(keys, prefix);
      return prefixEnd(keys, prefix, from) - from;
    },
  };
}

const known = new Map<Layout, readonly string[]>();

/** In S3's order. They take long to sort, and many simulations are of the same. */
function keysOf(layout: Layout): readonly string[] {
  const keys = known.get(layout) ?? [...new Set(LAYOUTS[layout]())].sort(compareKeys);
  known.set(layout, keys);
  return keys;
}

function pagesOf(sections: number, folders: number, pages: number): string[] {
  const two = (number: number) => String(number).padStart(2, '0');
  return Array.from({ length: sections * folders * pages }, (_, at) => {
    const [section, folder] = [Math.floor(at / (folders * pages)), Math.floor(at / pages) % folders];
    return `section-${two(section)}/folder-${two(folder)}/page-${two(at % pages)}.html`;
  });
}

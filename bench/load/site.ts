import { compareKeys } from '../../lambda/key-order';
import { listable, lowerBound, prefixEnd } from '../bucket';

const SECTIONS = 20;
const FOLDERS = 50;
const PAGES = 100;

/** A bucket of 100,000 objects, which can be listed, and whose objects change. */
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

/** Twenty sections of fifty folders of a hundred pages. */
export function makeSite(): Site {
  const two = (number: number) => String(number).padStart(2, '0');
  const keys = Array.from({ length: SECTIONS * FOLDERS * PAGES }, (_, at) => {
    const [section, folder] = [Math.floor(at / (FOLDERS * PAGES)), Math.floor(at / PAGES) % FOLDERS];
    return `section-${two(section)}/folder-${two(folder)}/page-${two(at % PAGES)}.html`;
  }).sort(compareKeys);
  const changes = new Map<string, number>();
  return {
    keys,
    list: listable(keys, (key) => changes.get(key) ?? 0),
    change: (key, time) => void changes.set(key, time),
    covered(path) {
      if (!path.endsWith('*')) return 1;
      const prefix = path.slice(1, -1);
      const from = lowerBound(keys, prefix);
      return prefixEnd(keys, prefix, from) - from;
    },
  };
}

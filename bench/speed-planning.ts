import { plan } from '../lambda/plan/plan';
import { seeded } from '../local/simulation/random';
import { leastCpu, ratio } from './cpu';
import { changedObject } from './planner';

/** Ten times what a batch can hold. */
const MOST = 100_000;
const COUNTS = [100, 1_000, 10_000, MOST];
const ROUNDS = 15;

/**
 * CPU of planning changed keys in no order, and how it grows. Each measurement plans all of them, in portions: so each lasts
 * as long and collects as much garbage.
 */
export async function measurePlanning(): Promise<string> {
  const changed = keysOfASite(MOST).map(changedObject);
  const times = await leastCpu(
    ROUNDS,
    COUNTS.map((count) => () => {
      for (let from = 0; from < MOST; from += count) {
        plan(changed.slice(from, from + count));
      }
    }),
  );
  const each = times.map((time, at) => (time * (COUNTS[at] as number)) / MOST);
  const rows = COUNTS.map((count, at) => {
    const growth = at === 0 ? '' : `x ${ratio(each[at], each[at - 1])}`;
    return `| ${count.toLocaleString('en')} | ${(each[at] as number).toFixed(1)} | ${growth} |`;
  });
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  return `| changed keys | ms of CPU | growth |\n| --: | --: | --: |\n${rows.join('\n')}\n\nPeak memory of the process: ${peak} MB.\n`;
}

/** The keys of a site, in no order. */
export function keysOfASite(count: number): string[] {
  const random = seeded(count);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, at) =>
    ownString(`site/${below(50)}/posts/${below(1000)}/${below(1e6)}/page-${at}.html`),
  );
}

/** A string without the parts that it was put together from, as JSON.parse makes them. */
function ownString(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

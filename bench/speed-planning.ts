import { plan } from '../lambda/plan/plan';
import { seeded } from '../local/simulation/random';
import { leastCpu, ratio } from './cpu';
import { changedObject } from './planner';

/** Ten times what a batch can hold. */
const MOST = 100_000;
const COUNTS = [100, 1_000, 10_000, MOST];
const ROUNDS = 15;

/**
 * CPU of planning changed keys in no order, and how it grows, next to that of sorting their paths. Each measurement plans all of
 * them, in portions: so each lasts as long and collects as much garbage.
 */
export async function measurePlanning(): Promise<string> {
  const changed = keysOfASite(MOST).map(changedObject);
  const paths = changed.flatMap((each) => each.paths);
  const inPortions = (count: number, work: (from: number, to: number) => void) => () => {
    for (let from = 0; from < MOST; from += count) work(from, from + count);
  };
  const times = await leastCpu(ROUNDS, [
    ...COUNTS.map((count) => inPortions(count, (from, to) => plan(changed.slice(from, to)))),
    ...COUNTS.map((count) => inPortions(count, (from, to) => paths.slice(from, to).sort())),
  ]);
  const each = times.map((time, at) => (time * (COUNTS[at % COUNTS.length] as number)) / MOST);
  const growth = (at: number) => (at % COUNTS.length === 0 ? '' : `x ${ratio(each[at], each[at - 1])}`);
  const rows = COUNTS.map((count, at) => {
    const sorting = at + COUNTS.length;
    const cells = [at, sorting].map((of) => `${(each[of] as number).toFixed(1)} | ${growth(of)}`);
    return `| ${count.toLocaleString('en')} | ${cells.join(' | ')} |`;
  });
  const decades = COUNTS.length - 1;
  const mean = ratio(((each[decades] as number) / (each[0] as number)) ** (1 / decades), 1);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const header =
    '| changed keys | planning, ms of CPU | growth | sorting alone, ms | growth |\n| --: | --: | --: | --: | --: |';
  return `${header}\n${rows.join('\n')}\n\nPlanning grows x ${mean} a decade on average. The last decade outgrows the processor's own cache.\nPeak memory of the process: ${peak} MB.\n`;
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
